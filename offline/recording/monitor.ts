import { answerInvoke } from "./mocks/invokes";
import type { AwsEnvironment } from "./mocks/mock";
import { createResource } from "./mocks/resources";
import { containsSecret, type PlainObject, toPlain } from "./plain";
import type { RecordedInvoke, RecordedOptions, RecordedResource } from "./recorded";

type Callback = (error: unknown, response?: unknown) => void;

/** The part of a protocol buffer struct that is used here. */
interface Struct {
  toJavaScript(): Record<string, unknown>;
}

/** Fields of Pulumi's RegisterResourceRequest that a recording keeps. The generated class has no usable types. */
interface RegisterRequest {
  getType(): string;
  getName(): string;
  getParent(): string;
  getCustom(): boolean;
  getObject(): Struct | undefined;
  getDependenciesList(): string[];
  getProtect(): boolean | undefined;
  getRetainondelete(): boolean | undefined;
  getDeletebeforereplace(): boolean;
  getDeletebeforereplacedefined(): boolean;
  getIgnorechangesList(): string[];
  getCustomtimeouts(): { toObject(): { create: string; update: string; pb_delete: string } } | undefined;
}

export interface MonitorOptions {
  project: string;
  stack: string;
  region: string;
  /** Respond as an engine in preview does: ids and what AWS would add are unknown. */
  preview: boolean;
  /** Converts plain values to a protocol buffer struct. */
  struct(value: Record<string, unknown>): unknown;
}

/**
 * Replaces the Pulumi engine's resource monitor. Unlike the SDK's mock monitor it keeps parents and options, builds
 * URNs as the engine does, and refuses a second resource with the same URN and resources and functions without a mock.
 */
export class RecordingMonitor {
  readonly resources: RecordedResource[] = [];
  readonly invokes: RecordedInvoke[] = [];
  readonly refusals: string[] = [];
  outputs?: PlainObject;
  readonly #byUrn = new Map<string, RecordedResource>();
  readonly #environment: AwsEnvironment;
  readonly #options: MonitorOptions;

  constructor(options: MonitorOptions) {
    this.#options = options;
    this.#environment = { region: options.region, accountId: "123456789012" };
  }

  registerResource(request: RegisterRequest, callback: Callback): void {
    this.#respond(callback, () => {
      const resource = this.#record(request);
      const { preview } = this.#options;
      const known = preview && request.getCustom() ? resource.inputs : resource.outputs;
      return {
        getUrn: () => resource.urn,
        getId: () => (preview ? "" : resource.id),
        getObject: () => this.#struct(known),
        getPropertydependenciesMap: () => new Map(),
        getResult: () => 0,
      };
    });
  }

  /** For `Resource.get` and the `id` option. */
  readResource(request: { getType(): string; getName(): string }, callback: Callback): void {
    this.#respond(callback, () => {
      throw new Error(
        `${request.getName()}: reading an existing ${request.getType()} with get() is not supported in a recording`,
      );
    });
  }

  registerResourceOutputs(
    request: { getUrn(): string; getOutputs(): Struct | undefined },
    callback: Callback,
  ): void {
    this.#respond(callback, () => {
      const resource = this.#byUrn.get(request.getUrn());
      if (!resource) throw new Error(`outputs for ${request.getUrn()}, which was never registered`);
      resource.outputs = toPlain(request.getOutputs()?.toJavaScript() ?? {}) as PlainObject;
      if (resource.type === "pulumi:pulumi:Stack") this.outputs = resource.outputs;
      return {};
    });
  }

  invoke(request: { getTok(): string; getArgs(): Struct | undefined }, callback: Callback): void {
    this.#respond(callback, () => {
      const token = request.getTok();
      const args = toPlain(request.getArgs()?.toJavaScript() ?? {}) as PlainObject;
      const result = answerInvoke(token, args, this.#environment, this.resources);
      this.invokes.push({ token, args, result });
      return { getFailuresList: () => [], getReturn: () => this.#struct(result) };
    });
  }

  supportsFeature(request: { getId(): string }, callback: Callback): void {
    // Without output values each input is a plain value, a secret or an unknown.
    callback(null, { getHassupport: () => request.getId() !== "outputValues" });
  }

  registerPackage(_request: unknown, callback: Callback): void {
    callback(null, { getRef: () => "recorded-package" });
  }

  close(): void {}

  #record(request: RegisterRequest): RecordedResource {
    const type = request.getType();
    const name = request.getName();
    const parent = request.getParent() || undefined;
    const urn = this.#urn(type, name, parent);
    if (this.#byUrn.has(urn)) {
      throw new Error(`Two resources have the URN ${urn}. Logical names must differ within a parent.`);
    }
    const wire = (request.getObject()?.toJavaScript() ?? {}) as PlainObject;
    const inputs = toPlain(wire) as PlainObject;
    const created = createResource(
      { urn, type, name, inputs, custom: request.getCustom() },
      this.#environment,
    );
    const resource: RecordedResource = {
      urn,
      type,
      name,
      ...(parent && { parent }),
      id: created.id,
      inputs,
      outputs: { ...inputs, ...created.outputs },
      options: optionsOf(request),
      secrets: Object.keys(wire).filter((key) => containsSecret(wire[key])),
    };
    this.#byUrn.set(urn, resource);
    this.resources.push(resource);
    return resource;
  }

  /** A struct cannot contain undefined; JSON drops it. */
  #struct(value: PlainObject): unknown {
    return this.#options.struct(JSON.parse(JSON.stringify(value)));
  }

  /** The engine's form: the parent's whole type chain, without the stack's own type. */
  #urn(type: string, name: string, parent: string | undefined): string {
    const parentType = parent?.split("::")[2];
    const qualified = parentType && parentType !== "pulumi:pulumi:Stack" ? `${parentType}$${type}` : type;
    return `urn:pulumi:${this.#options.stack}::${this.#options.project}::${qualified}::${name}`;
  }

  /** Pulumi reports a refused call in its own words, so the text is also kept here. */
  #respond(callback: Callback, work: () => unknown): void {
    let response: unknown;
    try {
      response = work();
    } catch (error) {
      this.refusals.push(error instanceof Error ? error.message : String(error));
      callback(error);
      return;
    }
    callback(null, response);
  }
}

function optionsOf(request: RegisterRequest): RecordedOptions {
  const { create = "", update = "", pb_delete = "" } = request.getCustomtimeouts()?.toObject() ?? {};
  const timeouts = Object.entries({ create, update, delete: pb_delete }).filter(([, time]) => time !== "");
  const ignoreChanges = request.getIgnorechangesList();
  return {
    dependsOn: request.getDependenciesList(),
    ...(request.getProtect() && { protect: true }),
    ...(request.getRetainondelete() && { retainOnDelete: true }),
    ...(request.getDeletebeforereplacedefined() && { deleteBeforeReplace: request.getDeletebeforereplace() }),
    ...(ignoreChanges.length > 0 && { ignoreChanges }),
    ...(timeouts.length > 0 && { customTimeouts: Object.fromEntries(timeouts) }),
  };
}
