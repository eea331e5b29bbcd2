import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type RenderedConfiguration,
  renderConfiguration,
} from "../../../components/backends/psc/nginx/config";
import type { ProxyConfiguration, ProxyMachine } from "../../../components/backends/psc/nginx/configuration";

/** A usable Nginx: new enough, with the stream module. */
export interface NginxBinary {
  binary: string;
  /** E.g. `1.22.1`. */
  version: string;
  /** Folder with dynamic modules, if the build has one. */
  modules?: string;
}

/** An Nginx process with a folder of its own under the system's temporary folder. */
export interface NginxProcess {
  kind: "nginx";
  description: string;
  /** Process id of the master. */
  pid: number;
  log(): string[];
  /** Renders and applies another configuration without a restart; refused by Nginx: throws, the old one stays. */
  reload(configuration: ProxyConfiguration): Promise<void>;
  close(): Promise<void>;
}

/** The Nginx at `path` or on PATH, or why it cannot be used. */
export function findNginx(path = "nginx"): NginxBinary | { reason: string } {
  const { error, stderr } = spawnSync(path, ["-V"], { encoding: "utf8" });
  if (error) return { reason: "nginx is not installed" };
  const version = /nginx\/([\d.]+)/.exec(stderr)?.[1] ?? "0";
  const modules = /--modules-path=(\S+)/.exec(stderr)?.[1];
  const linked = /--with-stream(\s|$)/.test(stderr);
  if (!linked && !(modules && existsSync(join(modules, "ngx_stream_module.so")))) {
    return {
      reason: `nginx ${version} lacks the stream module (Debian: libnginx-mod-stream, Amazon Linux: nginx-mod-stream)`,
    };
  }
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  if (major * 1e6 + minor * 1e3 + patch < 1_019_010) {
    return { reason: `nginx ${version} is older than 1.19.10` };
  }
  return { binary: path, version, modules };
}

/** Starts Nginx and waits until it answers with this configuration. */
export async function startNginx(
  nginx: NginxBinary,
  configuration: ProxyConfiguration,
): Promise<NginxProcess> {
  const folder = nginxFolder(nginx);
  const { rendered, machine } = folder.write(configuration);
  folder.test();
  const child = spawn(nginx.binary, [...folder.args, "-g", foreground()], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const stderr: Buffer[] = [];
  child.stderr?.on("data", (chunk: Buffer) => stderr.push(chunk));
  // Whoever forgets to close it can still end, and it ends with them.
  child.unref();
  (child.stderr as Socket | null)?.unref();
  const watchdog = endWithThisProcess(child, folder.path);
  const close = async () => {
    watchdog.kill();
    if (running(child)) {
      // Whoever waits for the end stays until then, also with nothing else to do.
      child.ref();
      const exit = once(child, "exit");
      child.kill("SIGTERM");
      await exit;
    }
    rmSync(folder.path, { recursive: true, force: true });
  };
  try {
    await answers(configuration, rendered, child);
  } catch (error) {
    await close();
    throw new Error(`Nginx did not start: ${Buffer.concat(stderr).toString().trim() || String(error)}`);
  }
  return {
    kind: "nginx",
    description: `nginx ${nginx.version} with ${configuration.services.length} service(s)`,
    pid: child.pid ?? 0,
    log: () => ["access.log", "error.log"].flatMap((file) => lines(join(machine.logs, file))),
    async reload(next) {
      const before = folder.read();
      const logged = lines(join(machine.logs, "error.log")).length;
      try {
        const written = folder.write(next);
        folder.test();
        child.kill("SIGHUP");
        await answers(next, written.rendered, child, () =>
          lines(join(machine.logs, "error.log"))
            .slice(logged)
            .find((line) => line.includes("[emerg]")),
        );
      } catch (error) {
        folder.restore(before);
        throw error;
      }
    },
    close,
  };
}

/** `nginx -t` on the configuration as it is rendered for EC2 but for its folders: its warnings.
 * @throws Error with Nginx's own words when it refuses */
export function testConfiguration(nginx: NginxBinary, configuration: ProxyConfiguration): string {
  const folder = nginxFolder(nginx);
  try {
    folder.write(configuration, { address: undefined, workers: undefined });
    return folder.test();
  } finally {
    rmSync(folder.path, { recursive: true, force: true });
  }
}

function nginxFolder({ binary, modules }: NginxBinary) {
  const path = mkdtempSync(join(tmpdir(), "gateway-nginx-"));
  for (const name of ["conf", "run", "logs"]) mkdirSync(join(path, name));
  // Debian's packages name their modules relative to the prefix.
  if (modules) symlinkSync(modules, join(path, "modules"));
  const file = join(path, "conf/nginx.conf");
  const args = ["-p", path, "-e", "stderr", "-c", file];
  return {
    path,
    args,
    write(configuration: ProxyConfiguration, changes: Partial<ProxyMachine> = {}) {
      const machine: ProxyMachine = {
        runtime: join(path, "run"),
        logs: join(path, "logs"),
        systemCa: systemCa(),
        address: "127.0.0.1",
        workers: 1,
        ...changes,
      };
      const rendered = renderConfiguration(configuration, machine);
      for (const [name, text] of Object.entries(rendered.files)) {
        mkdirSync(dirname(join(path, "conf", name)), { recursive: true });
        writeFileSync(join(path, "conf", name), text);
      }
      return { rendered, machine };
    },
    read: () => readFileSync(file, "utf8"),
    restore: (text: string) => writeFileSync(file, text),
    /** Nginx's warnings. */
    test(): string {
      const { status, stderr } = spawnSync(binary, [...args, "-t", "-g", user()], { encoding: "utf8" });
      if (status !== 0) throw new Error(`Nginx refuses the configuration: ${stderr.trim()}`);
      return stderr
        .split("\n")
        .filter((line) => !/(syntax is ok|test is successful)$/.test(line))
        .join("\n");
    },
  };
}

/** Ends `child` and removes its folder when this process is gone, in whatever way: its end of the watchdog's input is then closed. */
function endWithThisProcess(child: ChildProcess, folder: string): ChildProcess {
  const script = 'cat > /dev/null; kill "$0"; rm -rf "$1"';
  const watchdog = spawn("sh", ["-c", script, String(child.pid), folder], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true, // Ctrl-C reaches the whole process group; the watchdog outlives it to do its work
  });
  watchdog.unref();
  (watchdog.stdin as Socket | null)?.unref();
  return watchdog;
}

/** Started by root, Nginx would run its workers as `nobody`, who cannot enter a temporary folder of root's. */
const user = () => (process.getuid?.() === 0 ? "user root;" : "");
const foreground = () => `daemon off; ${user()}`;
const running = (child: ChildProcess) => child.exitCode === null && child.signalCode === null;

async function answers(
  { healthPort }: ProxyConfiguration,
  { id }: RenderedConfiguration,
  child: ChildProcess,
  refusal: () => string | undefined = () => undefined,
): Promise<void> {
  for (const started = Date.now(); Date.now() - started < 10_000; await sleep(20)) {
    if (!running(child)) throw new Error(`it ended with status ${child.exitCode ?? child.signalCode}`);
    const body = await fetch(`http://127.0.0.1:${healthPort}/health`, {
      headers: { connection: "close" },
    }).then(
      (response) => response.text(),
      () => "",
    );
    if (body.includes(id)) return;
    const refused = refusal();
    if (refused) throw new Error(`Nginx refuses the configuration: ${refused}`);
  }
  throw new Error("it does not answer on its health port with this configuration");
}

/** The operating system's bundle: Amazon Linux and Fedora, Debian and Alpine, macOS. */
function systemCa(): string {
  const bundles = [
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/ssl/cert.pem",
  ];
  return bundles.find((path) => existsSync(path)) ?? "/etc/ssl/certs/ca-certificates.crt";
}

const lines = (file: string) =>
  existsSync(file)
    ? readFileSync(file, "utf8")
        .split("\n")
        .filter((line) => line !== "")
    : [];
