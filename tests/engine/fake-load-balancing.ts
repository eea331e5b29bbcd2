import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

interface Resource {
  type: string;
  id?: string;
  inputs?: Record<string, unknown>;
  op?: string;
}

/**
 * Elastic Load Balancing for a run of the engine: answers DescribeTargetHealth with the targets that Pulumi's state and
 * the provider's log have. A target that was registered in this run is `initial` when it is asked for first, and
 * `healthy` after that; then the log gets a line that time has passed.
 */
export class FakeLoadBalancing {
  readonly #server: Server;
  readonly #before: Resource[];
  readonly #asked = new Set<string>();

  /**
   * @param state Pulumi's state file, as it is before the run
   * @param log the provider's log
   */
  constructor(
    state: string,
    private readonly log: string,
  ) {
    this.#before = resourcesIn(state);
    this.#server = createServer(async (request, response) => {
      const form = new URLSearchParams(await text(request));
      response.end(this.#answer(form.get("TargetGroupArn") ?? ""));
    });
  }

  /** The environment that leads the AWS SDK here. */
  async start(): Promise<Record<string, string>> {
    await new Promise<void>((done) => this.#server.listen(0, "127.0.0.1", done));
    const { port } = this.#server.address() as AddressInfo;
    return {
      AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: "offline",
      AWS_SECRET_ACCESS_KEY: "offline",
    };
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #answer(targetGroup: string): string {
    const known = targetsOf(this.#before, targetGroup);
    const fresh = targetsOf(this.#made(), targetGroup).filter((id) => !known.includes(id));
    const initial = fresh.filter((id) => !this.#asked.has(id));
    for (const id of initial) this.#asked.add(id);
    if (fresh.length > 0 && initial.length === 0) {
      appendFileSync(this.log, `${JSON.stringify({ op: "wait", type: "", name: targetGroup })}\n`);
    }
    const member = (id: string) =>
      `<member><Target><Id>${id}</Id><Port>1</Port></Target><TargetHealth><State>${initial.includes(id) ? "initial" : "healthy"}</State></TargetHealth></member>`;
    return `<DescribeTargetHealthResponse xmlns="http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/"><DescribeTargetHealthResult><TargetHealthDescriptions>${[...known, ...fresh].map(member).join("")}</TargetHealthDescriptions></DescribeTargetHealthResult></DescribeTargetHealthResponse>`;
  }

  #made(): Resource[] {
    if (!existsSync(this.log)) return [];
    return readFileSync(this.log, "utf8")
      .split("\n")
      .flatMap((line) => (line.startsWith('{"op":"create"') ? [JSON.parse(line) as Resource] : []));
  }
}

function resourcesIn(state: string): Resource[] {
  if (!existsSync(state)) return [];
  const { checkpoint } = JSON.parse(readFileSync(state, "utf8")) as {
    checkpoint: { latest?: { resources?: Resource[] } };
  };
  return checkpoint.latest?.resources ?? [];
}

/** Instances, and one proxy for each Auto Scaling group, by their registrations in a target group. */
function targetsOf(resources: Resource[], targetGroup: string): string[] {
  return resources.flatMap(({ type, id, inputs = {} }) => {
    if (type.endsWith(":TargetGroupAttachment") && inputs.targetGroupArn === targetGroup)
      return String(inputs.targetId);
    if (type.endsWith(":Attachment") && inputs.lbTargetGroupArn === targetGroup) return `proxy-${id}`;
    return [];
  });
}
