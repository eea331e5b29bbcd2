import type { LambdaHandler } from "../../../gateway/rest-api/options";
import { functionOf, type Model, type Service } from "../../../offline/model";
import type { RecordedResource, Recording } from "../../../offline/recording";
import { type Invocation, mayInvoke } from "../../../offline/wiring/functions";
import { type IdentityProvider, realIdentityProvider } from "../identity/server";
import { type LoadedFunction, loadFunction } from "../lambda";
import { credentialsFor } from "../lambda/credentials";
import { recordedFunction } from "../lambda/recorded";

/** The recorded functions that APIs invoke, each loaded once for all APIs, as in Lambda. */
export class ServedFunctions {
  readonly #loaded = new Map<string, Promise<LoadedFunction>>();

  constructor(
    private readonly recording: Recording,
    private readonly model: Model,
    private readonly identityProvider: IdentityProvider,
    private readonly log: (line: string) => void,
  ) {}

  /** By function name, the functions that a service's definition invokes; each invocation needs the declared permission. */
  handlersOf(service: Service): Record<string, LambdaHandler> {
    const { authorizers, integrations } = service.definition;
    const uris = [...authorizers, ...integrations].map(({ uri }) => uri);
    const invoked = new Set(
      uris.map((uri) => functionOf(uri, this.model)).filter((found) => found !== undefined),
    );
    return Object.fromEntries(
      [...invoked].map((found) => [String(found.outputs.name), this.#handler(found, service)]),
    );
  }

  async close(): Promise<void> {
    await Promise.all([...this.#loaded.values()].map(async (loaded) => (await loaded).close()));
  }

  #handler(declared: RecordedResource, service: Service): LambdaHandler {
    return async (event) => {
      const invocation = this.#invocation(event, declared, service);
      if (!mayInvoke(declared, invocation, this.model)) {
        const by = invocation.credentials ?? invocation.sourceArn;
        this.log(`${declared.outputs.name} has no permission for ${by}`);
        throw Object.assign(new Error("Invalid permissions on Lambda function"), {
          name: "AccessDeniedException",
        });
      }
      return (await this.#load(declared)).invoke(event);
    };
  }

  /** By the role or the source ARN that API Gateway gives Lambda for this event: an authorizer's, or a route's. */
  #invocation(event: unknown, declared: RecordedResource, service: Service): Invocation {
    const { executionArn, definition } = service;
    const { methodArn, requestContext } = event as {
      methodArn?: string;
      requestContext?: { stage: string; httpMethod: string; resourcePath: string };
    };
    const credentialsIn = (callers: { uri: string; credentials?: string }[]) =>
      callers.find(({ uri }) => functionOf(uri, this.model)?.urn === declared.urn)?.credentials;
    if (methodArn !== undefined || !requestContext) {
      const credentials = credentialsIn(definition.authorizers);
      return { credentials, sourceArn: `${executionArn}/authorizers/local` };
    }
    const { stage, httpMethod, resourcePath } = requestContext;
    const sourceArn = `${executionArn}/${stage}/${httpMethod}${resourcePath}`;
    return { credentials: credentialsIn(definition.integrations), sourceArn };
  }

  #load(declared: RecordedResource): Promise<LoadedFunction> {
    let loaded = this.#loaded.get(declared.urn);
    if (!loaded) {
      loaded = loadFunction(this.#options(declared));
      this.#loaded.set(declared.urn, loaded);
    }
    return loaded;
  }

  #options(declared: RecordedResource): Parameters<typeof loadFunction>[0] {
    const options = recordedFunction(this.recording, declared.name);
    return {
      ...options,
      environment: this.identityProvider.redirect(options.environment),
      ...(this.identityProvider === realIdentityProvider && {
        credentials: credentialsFor(options.environment),
      }),
      onLog: (text) => {
        if (/"level":"(ERROR|WARN)"/.test(text)) this.log(`${options.name}: ${text.trim()}`);
      },
    };
  }
}
