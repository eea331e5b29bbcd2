import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { freePorts } from "../../../../../commands/local/nginx/free-ports";
import { type ProxyConfiguration, renderConfiguration } from "../../../../../components/backends/psc/nginx";
import {
  commandDocument,
  installScript,
  userData,
} from "../../../../../components/backends/psc/nginx/install";
import { call, configuration, requireNginx, service, stub } from "../../../../commands/local/nginx/support";

const scriptOf = (of: ProxyConfiguration, rendered = renderConfiguration(of)) =>
  installScript({ configuration: of, rendered, logGroup: "/gateway/dev-psc", installAgent: false });

describe("The script that installs a proxy", () => {
  it("is a shell script without a syntax error", () => {
    const { status, stderr } = spawnSync("sh", ["-n"], {
      input: scriptOf(configuration()),
      encoding: "utf8",
    });
    assert.equal(status, 0, stderr);
  });

  it("survives its way as user data, in the same bytes each time", () => {
    const script = scriptOf(configuration());
    assert.equal(gunzipSync(Buffer.from(userData(script), "base64")).toString(), script);
    assert.equal(userData(script), userData(script));
  });

  it("survives its way as a Systems Manager document", () => {
    const script = scriptOf(configuration());
    const { mainSteps } = JSON.parse(commandDocument(script, "x"));
    assert.equal(`${mainSteps[0].inputs.runCommand.join("\n")}\n`, script);
  });

  it("sends no line of the error log that has a query string to CloudWatch", () => {
    const line = scriptOf(configuration())
      .split("\n")
      .find((each) => each.includes("collect_list"));
    const files: { file_path: string; filters?: object[] }[] = JSON.parse(line ?? "").logs.logs_collected
      .files.collect_list;
    const filters = Object.fromEntries(files.map((file) => [file.file_path.split("/").at(-1), file.filters]));
    assert.deepEqual(filters, {
      "access.log": undefined,
      "error.log": [{ type: "exclude", expression: "[?]" }],
    });
  });

  it("fits with fifty services, and is refused when it does not", () => {
    const services = Array.from({ length: 50 }, (_, index) =>
      service({ name: `api-${index}`, port: 9000 + index }),
    );
    const script = scriptOf(configuration({ services }));
    assert.ok(userData(script).length > 0);
    const noise = Array.from({ length: 30_000 }, (_, index) => Math.sin(index).toString(36)).join("");
    assert.throws(() => userData(script + noise), /user data can have 16384\. Shorten the CA bundles/);
    assert.throws(() => commandDocument(script + noise, "x"), /SSM document can have 65536/);
    assert.throws(() => commandDocument("{{ name }}", "x"), /which SSM would substitute/);
  });
});

/** The script runs as it is but for its folders; what only root and systemd can do, small programs stand in for. */
describe("A machine on which the script runs", function () {
  this.timeout(60_000);
  let machine: Machine;
  let upstream: Awaited<ReturnType<typeof stub>>;
  let wanted: ProxyConfiguration;
  before(async function () {
    requireNginx(this);
    if (spawnSync("curl", ["--version"]).status !== 0 || process.platform !== "linux") {
      console.log("      skipped: needs Linux and curl");
      this.skip();
    }
    machine = new Machine();
    upstream = await stub();
    const ports = await freePorts(["service", "health", "other"]);
    wanted = configuration({
      healthPort: ports.get("health") ?? 0,
      services: [
        service({
          port: ports.get("service") ?? 0,
          upstream: { protocol: "http", host: "127.0.0.1", port: upstream.port },
        }),
      ],
    });
  });
  after(async () => {
    machine?.close();
    await upstream?.close();
  });

  const ask = () => call(`http://127.0.0.1:${wanted.services[0]?.port}/x`);
  const limited = (maxBodyMb: number) => ({
    ...wanted,
    services: wanted.services.map((each) => ({ ...each, maxBodyMb })),
  });

  it("serves the configuration", async () => {
    const { status, output } = machine.run(scriptOf(wanted));
    assert.equal(status, 0, output);
    assert.equal((await ask()).status, 200);
    assert.match(output, new RegExp(`runs configuration ${renderConfiguration(wanted).id}`));
  });

  it("serves a new one after a reload, and keeps only the one before", async () => {
    const next = limited(20);
    const { status, output } = machine.run(scriptOf(next));
    assert.equal(status, 0, output);
    assert.equal((await ask()).status, 200);
    assert.equal(machine.current(), renderConfiguration(next).id);
    machine.run(scriptOf(limited(21)));
    assert.deepEqual(
      machine.releases(),
      [next, limited(21)].map((each) => renderConfiguration(each).id).sort(),
    );
    assert.deepEqual(machine.actions().slice(0, 2), ["start", "reload"]);
  });

  it("is left alone by a second run", async () => {
    const { status } = machine.run(scriptOf(limited(21)));
    assert.equal(status, 0);
    assert.equal((await ask()).status, 200);
  });

  it("keeps what it runs when Nginx refuses the new one", async () => {
    const [before, count] = [machine.current(), machine.asProxy().length];
    const rendered = renderConfiguration(limited(30));
    const broken = { ...rendered, files: { "nginx.conf": `${rendered.files["nginx.conf"]}\nnonsense;\n` } };
    const { status, output } = machine.run(scriptOf(limited(30), broken));
    assert.equal(status, 1);
    assert.match(output, /unknown directive "nonsense"[\s\S]*nothing has changed/);
    const [tested, ...more] = machine.asProxy().slice(count);
    assert.match(tested ?? "", /^--reuid=gateway-psc-dev --regid=gateway-psc-dev .* -t -q /);
    assert.deepEqual(more, []);
    assert.equal(machine.current(), before);
    assert.equal((await ask()).status, 200);
  });

  it("goes back to what it ran when the new one does not start, and reads the log as the proxy's user", async () => {
    const before = machine.current();
    const taken = await stub();
    const { status, output } = machine.run(
      scriptOf({
        ...wanted,
        services: [...wanted.services, service({ name: "other-api", port: taken.port })],
      }),
    );
    await taken.close();
    assert.equal(status, 1);
    assert.match(machine.asProxy().at(-1) ?? "", /-- tail -n 20 .*error\.log$/);
    assert.match(output, /bind\(\) to 0\.0\.0\.0:\d+ failed[\s\S]*does not start; back to releases\//);
    assert.equal(machine.current(), before);
    assert.equal((await ask()).status, 200);
  });

  it("tries an Nginx without the module's package, and says what is missing when that has no stream module", () => {
    const bare = new Machine({ withoutNginx: true });
    const asked = bare.offerNginxWithoutStream();
    const { status, output } = bare.run(scriptOf(wanted));
    const installs = asked();
    bare.close();
    assert.equal(status, 1);
    assert.deepEqual(
      [...new Set(installs)],
      ["-y -q install nginx nginx-mod-stream", "-y -q install nginx"],
      output,
    );
    assert.match(output, /no nginx with the stream module is available .*nothing has changed/);
  });

  it("needs a package manager when Nginx is missing", () => {
    const bare = new Machine({ withoutNginx: true });
    const { status, output } = bare.run(scriptOf(wanted));
    bare.close();
    assert.equal(status, 1);
    assert.match(output, /install nginx with its stream module first/);
  });
});

class Machine {
  readonly #root = mkdtempSync(join(tmpdir(), "gateway-machine-"));
  readonly #path: string;
  /** Where the script looks for Nginx's modules: nowhere on a machine without Nginx. */
  readonly #modules: string;

  constructor({ withoutNginx = false } = {}) {
    const bin = join(this.#root, "bin");
    for (const folder of ["bin", "etc/systemd/system", "etc/logrotate.d", "run", "var/log"])
      mkdirSync(join(this.#root, folder), { recursive: true });
    const program = (name: string, text: string) => this.#program(name, text);
    program("useradd", "exit 0");
    program(
      "setpriv",
      `echo "$*" >> ${this.#root}/setpriv.log\nwhile [ "$1" != -- ]; do shift; done\nshift\nexec "$@"`,
    );
    program(
      "install",
      'for last; do mkdir -p "$last" 2>/dev/null; done; exit 0'.replace(
        "for last; do",
        "shift 7; for last; do",
      ),
    );
    program("systemctl", this.#systemctl());
    if (withoutNginx) {
      for (const name of ["cat", "grep", "ls", "mkdir", "rm", "id", "sleep"]) {
        const found = spawnSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).stdout.trim();
        program(name, `exec ${found} "$@"`);
      }
    }
    this.#modules = withoutNginx ? join(this.#root, "none") : "/usr/lib/nginx";
    this.#path = withoutNginx ? bin : `${bin}:${process.env.PATH}`;
  }

  #program(name: string, text: string): void {
    const file = join(this.#root, "bin", name);
    writeFileSync(file, `#!/bin/sh\n${text}\n`);
    chmodSync(file, 0o755);
  }

  /** A package manager that has no package of the stream module, and an Nginx without it. Gives what it was asked. */
  offerNginxWithoutStream(): () => string[] {
    const log = join(this.#root, "dnf.log");
    this.#program("sleep", "exit 0");
    this.#program("nginx.packed", 'echo "configure arguments: --with-http_ssl_module" >&2');
    this.#program(
      "dnf",
      `echo "$*" >> ${log}\ncase "$*" in *mod-stream*) exit 1 ;; esac\n/bin/cp ${this.#root}/bin/nginx.packed ${this.#root}/bin/nginx`,
    );
    return () => readFileSync(log, "utf8").trim().split("\n");
  }

  /** Starts, reloads and notes what was asked; the real Nginx, in the background. */
  #systemctl(): string {
    const user = process.getuid?.() === 0 ? "user root;" : "";
    return `root=${this.#root}
pid=$(cat "$root"/run/*/nginx.pid 2>/dev/null)
[ "$1" = reload-or-restart ] || exit 0
if [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null; then
  echo reload >> "$root/actions"; kill -HUP "$pid"
else
  echo start >> "$root/actions"; nginx -e stderr -c "$root/etc/$2/current/nginx.conf" -g "${user}" 2>/dev/null
fi`;
  }

  run(script: string): { status: number | null; output: string } {
    const moved = script
      .replaceAll("/etc/gateway-psc", `${this.#root}/etc/gateway-psc`)
      .replaceAll("etc=/etc/", `etc=${this.#root}/etc/`)
      .replaceAll("/etc/systemd/", `${this.#root}/etc/systemd/`)
      .replaceAll("/etc/logrotate.d/", `${this.#root}/etc/logrotate.d/`)
      .replaceAll("/usr/lib/nginx/", `${this.#modules}/`)
      .replaceAll(/(?<!\w)\/run\/(?=gateway-psc|\$name)/g, `${this.#root}/run/`)
      .replaceAll(/\/var\/log\/(?=gateway-psc|\$name)/g, `${this.#root}/var/log/`);
    const { status, stdout, stderr } = spawnSync("/bin/sh", ["-s"], {
      input: moved,
      encoding: "utf8",
      env: { PATH: this.#path },
    });
    return { status, output: stdout + stderr };
  }

  /** What ran as the proxy's user so far. */
  asProxy(): string[] {
    return readFileSync(join(this.#root, "setpriv.log"), "utf8").trim().split("\n");
  }

  current(): string {
    return readlinkSync(join(this.#etc(), "current")).replace("releases/", "");
  }

  releases(): string[] {
    return readdirSync(join(this.#etc(), "releases")).sort();
  }

  actions(): string[] {
    return readFileSync(join(this.#root, "actions"), "utf8").trim().split("\n");
  }

  #etc(): string {
    return join(this.#root, "etc/gateway-psc-dev");
  }

  close(): void {
    const file = join(this.#root, "run/gateway-psc-dev/nginx.pid");
    if (existsSync(file)) process.kill(Number(readFileSync(file, "utf8")), "SIGTERM");
    rmSync(this.#root, { recursive: true, force: true });
  }
}
