import assert from "node:assert/strict";
import type { Operation } from "../engine";
import {
  admits,
  anApi,
  create,
  definition,
  loadBalancer,
  port,
  remove,
  target,
  template,
  update,
  variables,
} from "./a-stage";
import type { Surroundings } from "./obstacle";
import { pass, type Walk, wait, walk } from "./walk";
import { World } from "./world";

/** The world after these operations, when time has passed. */
function made(operations: Operation[]): World {
  const world = new World();
  for (const operation of operations) world.apply(operation);
  pass(world);
  pass(world);
  return world;
}

const run = (operations: Operation[], surroundings?: Surroundings): Walk =>
  walk(made(anApi), operations, surroundings);

/** `from … until …: why`, one per outage. */
const outages = ({ outages }: Walk) =>
  outages.map(({ after, until, reason }) => `${after} .. ${until ?? "never"}: ${reason}`);

const moveTo = (number: number) =>
  update("Stage", "stage", {
    restApi: "api",
    stageName: "dev",
    deployment: "first",
    variables: variables(number),
  });

describe("The simulated traffic of a run", () => {
  it("is served by a stage that stays as it is", () => {
    const { effects, outages, cuts, gone, added } = run([]);
    assert.deepEqual(
      { effects, outages, cuts, gone, added },
      { effects: { "ids.example.org": "nothing" }, outages: [], cuts: [], gone: [], added: [] },
    );
  });

  it("fails in a stage whose function lacks its permission from the start", () => {
    const world = made(anApi.filter(({ name }) => name !== "allow-read"));
    assert.deepEqual(outages(walk(world, [])), ["the start .. never: API Gateway may not invoke read"]);
  });

  it("fails when an API stage moves to a port whose target is not healthy yet", () => {
    assert.deepEqual(outages(run([...port(2223, "i-1"), moveTo(2223)])), [
      "update Stage stage .. time passes: tg-2223 has no healthy target, they are initial",
    ]);
  });

  it("is served when something waits for the target before the API stage moves", () => {
    assert.deepEqual(
      outages(run([...port(2223, "i-1"), wait, moveTo(2223), remove("Listener", "listener-2222")])),
      [],
    );
  });

  it("fails when the old listener goes before the API stage has moved", () => {
    assert.deepEqual(
      outages(run([...port(2223, "i-1"), wait, remove("Listener", "listener-2222"), moveTo(2223)])),
      [
        `delete Listener listener-2222 .. update Stage stage: load balancer ${loadBalancer} has no listener on port 2222`,
      ],
    );
  });

  it("fails while an address of the load balancer is not admitted", () => {
    const moved = update("SecurityGroupIngressRule", "in-2222-10.0.2.10", {
      ...admits("10.0.2.11", 2222).inputs,
    });
    assert.deepEqual(outages(run([moved])), [
      "update SecurityGroupIngressRule in-2222-10.0.2.10 .. never: i-1: 10.0.2.10 of the load balancer is not admitted on port 2222",
    ]);
  });

  it("is served while a load balancer gets a zone whose address is admitted before AWS has provisioned it", () => {
    const { inputs = {} } = anApi.find(({ name }) => name === loadBalancer) as Operation;
    const subnetMappings = [
      ...(inputs.subnetMappings as object[]),
      { subnetId: "c", privateIpv4Address: "10.0.3.10" },
    ];
    const grown = update("LoadBalancer", loadBalancer, { ...inputs, subnetMappings });
    assert.deepEqual(outages(run([grown, admits("10.0.3.10", 2222)])), []);
    assert.deepEqual(outages(run([grown])), [
      "time passes .. never: tg-2222 has no healthy target, they are initial",
    ]);
  });

  it("fails between the deletion of a mapping and its creation", () => {
    const again = anApi.find(({ name }) => name === "mapping") as Operation;
    assert.deepEqual(outages(run([remove("ApiMapping", "mapping"), again])), [
      "delete ApiMapping mapping .. create ApiMapping mapping: no mapping of ids.example.org",
    ]);
  });

  it("fails when a pinned deployment names a function that is gone or not allowed", () => {
    const drop = [
      create("Function", "write"),
      update("RestApi", "api", { body: definition("write") }),
      create("Deployment", "second", { restApi: "api" }),
    ];
    const serve = (deployment: string) =>
      update("Stage", "stage", { restApi: "api", stageName: "dev", deployment, variables: variables(2222) });
    const allowed = create("Permission", "allow-write", {
      function: "write",
      sourceArn: "x:api/authorizers/*",
    });
    assert.deepEqual(
      outages(run([...drop, allowed, serve("second"), remove("Permission", "allow-read")])),
      [],
    );
    assert.deepEqual(outages(run([...drop, remove("Permission", "allow-read"), serve("first")])), [
      "delete Permission allow-read .. never: API Gateway may not invoke read",
    ]);
    assert.deepEqual(outages(run([...drop, serve("second")])), [
      "update Stage stage .. never: API Gateway may not invoke write",
    ]);
    assert.deepEqual(outages(run([remove("Function", "read")])), [
      "delete Function read .. never: function read is gone",
    ]);
  });

  it("is served by functions that the role of the definition may invoke, and by no others", () => {
    const role = (name: string) => [
      create("Role", "invoker", { assumeRolePolicy: '{"Service":"apigateway.amazonaws.com"}' }),
      create("RolePolicy", "invoker:p", {
        role: "invoker",
        policy: JSON.stringify({
          Statement: [
            {
              Effect: "Allow",
              Action: "lambda:InvokeFunction",
              Resource: [`arn:aws:lambda:us-east-1:1:function:${name}`],
            },
          ],
        }),
      }),
    ];
    const byRole = (name: string) =>
      anApi
        .filter((operation) => operation.name !== "allow-read")
        .map((operation) =>
          operation.name === "api"
            ? create("RestApi", "api", { body: definition("read", "arn:aws:iam::1:role/invoker") })
            : operation,
        )
        .concat(role(name));
    assert.deepEqual(outages(walk(made(byRole("read")), [])), []);
    assert.deepEqual(outages(walk(made(byRole("write")), [])), [
      "the start .. never: API Gateway may not invoke read",
    ]);
  });

  it("is cut when an instance closes while the load balancer still uses it", () => {
    const added = [
      create("NetworkInterfaceSecurityGroupAttachment", "sga-2", {
        networkInterfaceId: "eni-2",
        securityGroupId: "sg-backend",
      }),
      target(2222, "i-2"),
    ];
    const closed = [
      remove("TargetGroupAttachment", "target-2222-i-1"),
      remove("NetworkInterfaceSecurityGroupAttachment", "sga-1"),
    ];
    const hasty = run([...added, ...closed]);
    assert.deepEqual(outages(hasty), [
      "delete TargetGroupAttachment target-2222-i-1 .. time passes: tg-2222 has no healthy target, they are initial",
    ]);
    const { outages: none, cuts } = run([...added, wait, ...closed]);
    assert.deepEqual(none, []);
    assert.deepEqual(cuts, ["ids.example.org: i-1: the load balancer may not send to port 2222"]);
    const patient = run([...added, wait, closed[0] as Operation, wait, closed[1] as Operation]);
    assert.deepEqual([patient.outages, patient.cuts], [[], []]);
    assert.deepEqual(
      [hasty, { effects: run(added).effects }, patient].map(({ effects }) => effects["ids.example.org"]),
      ["outage", "nothing", "drained"],
    );
    assert.deepEqual(run([...added, wait, ...closed]).effects, { "ids.example.org": "cut" });
  });

  it("reaches another service's backend when ports are swapped under it", () => {
    const swapped = update("Listener", "listener-2222", {
      loadBalancerArn: loadBalancer,
      port: 2222,
      defaultActions: [{ targetGroupArn: "tg-3333" }],
    });
    const attached = create("NetworkInterfaceSecurityGroupAttachment", "sga-2", {
      networkInterfaceId: "eni-2",
      securityGroupId: "sg-backend",
    });
    const own: Surroundings = { backends: { "ids.example.org": ["i-1"] } };
    assert.deepEqual(outages(run([attached, ...port(3333, "i-2"), wait, swapped], own)), [
      "update Listener listener-2222 .. never: callers reach i-2, another service's backend",
    ]);
  });

  it("fails while the target group of a listener was used by no listener before", () => {
    const [group, , ...rest] = port(3333, "i-1") as [Operation, Operation, ...Operation[]];
    const listener = update("Listener", "listener-2222", {
      loadBalancerArn: loadBalancer,
      port: 2222,
      defaultActions: [{ targetGroupArn: "tg-3333" }],
    });
    assert.deepEqual(outages(run([group, ...rest, wait, listener])), [
      "update Listener listener-2222 .. time passes: tg-3333 has no healthy target, they are initial",
    ]);
  });

  it("lists the APIs that come and go, and does not count them as outages", () => {
    const come = create("ApiMapping", "v2", {
      domainName: "ids.example.org",
      apiMappingKey: "v2",
      apiId: "api",
      stage: "dev",
    });
    const { outages, gone, added } = run([come, remove("ApiMapping", "mapping")]);
    assert.deepEqual(
      { outages, gone, added },
      { outages: [], gone: ["ids.example.org"], added: ["ids.example.org/v2"] },
    );
  });
});

describe("The simulated traffic through proxies", () => {
  const egress = (cidr: string) =>
    create("SecurityGroupEgressRule", `egress-${cidr}`, {
      securityGroupId: "sg-proxy",
      cidrIpv4: cidr,
      fromPort: 443,
      toPort: 443,
    });
  const proxied: Operation[] = [
    ...anApi.filter(({ type }) => !type.includes("targetGroupAttachment")),
    create("LaunchTemplate", "template", template("ids-api", 2222, "old.example.net:443")),
    create("Group", "group", { launchTemplate: { id: "template" } }),
    create("Attachment", "proxies", { autoscalingGroupName: "group", lbTargetGroupArn: "tg-2222" }),
    egress("198.51.100.0/25"),
  ];
  const surroundings: Surroundings = {
    dns: { "old.example.net": "198.51.100.10", "new.example.net": "203.0.113.10" },
    backends: { "ids.example.org": ["ids-api"] },
  };
  const change = (operations: Operation[]) => outages(walk(made(proxied), operations, surroundings));

  it("is served by the proxies of the current release", () => assert.deepEqual(change([]), []));

  it("fails when an API stage moves to a port on which the standing proxies do not listen", () => {
    const [group, listener, , ...rules] = port(2223, "");
    const operations = [
      group,
      listener,
      ...rules,
      update("LaunchTemplate", "template", template("ids-api", 2223, "old.example.net:443")),
      create("Attachment", "proxies-2223", { autoscalingGroupName: "group", lbTargetGroupArn: "tg-2223" }),
      moveTo(2223),
    ] as Operation[];
    assert.deepEqual(change(operations), [
      "update Stage stage .. time passes: tg-2223 has no healthy target, they are initial",
    ]);
    assert.deepEqual(change([...operations.slice(0, -1), wait, ...operations.slice(-1)]), []);
  });

  it("fails when the way to the old partner closes before the standing proxies are replaced", () => {
    const moved = update("LaunchTemplate", "template", template("ids-api", 2222, "new.example.net:443"));
    const close = remove("SecurityGroupEgressRule", "egress-198.51.100.0/25");
    const [outage] = change([egress("203.0.113.0/25"), moved, close]);
    assert.match(
      outage ?? "",
      /^delete .* time passes: .* may not call old\.example\.net:443 at 198\.51\.100\.10$/,
    );
    assert.deepEqual(change([egress("203.0.113.0/25"), moved, wait, close]), []);
  });
});
