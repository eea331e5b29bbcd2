import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync } from "node:fs";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { RenderedConfiguration } from "../../../components/backends/psc/nginx/config";
import type { ProxyConfiguration } from "../../../components/backends/psc/nginx/configuration";
import type { NginxBinary } from "./binary";
import { NginxFolder, user } from "./folder";

/** An Nginx process with its own temporary folder. */
export interface NginxProcess {
  kind: "nginx";
  description: string;
  /** Process id of the master. */
  pid: number;
  log(): string[];
  /** Applies another configuration without a restart. If Nginx refuses it, throws and keeps the old one. */
  reload(configuration: ProxyConfiguration): Promise<void>;
  close(): Promise<void>;
}

/** Starts Nginx and waits until it answers with this configuration. */
export async function startNginx(
  nginx: NginxBinary,
  configuration: ProxyConfiguration,
): Promise<NginxProcess> {
  const folder = new NginxFolder(nginx);
  const rendered = folder.write(configuration);
  folder.test();
  const child = spawn(nginx.binary, [...folder.args, "-g", `daemon off; ${user()}`], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const stderr: Buffer[] = [];
  child.stderr?.on("data", (chunk: Buffer) => stderr.push(chunk));
  // A process that forgets to close Nginx can still end, and Nginx ends with it.
  child.unref();
  (child.stderr as Socket | null)?.unref();
  const watchdog = endWithThisProcess(child, folder.path);
  const close = async () => {
    watchdog.kill();
    await end(child);
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
    log: () => ["access.log", "error.log"].flatMap((file) => lines(folder.logFile(file))),
    reload: (next) => reload(child, folder, next),
    close,
  };
}

async function reload(child: ChildProcess, folder: NginxFolder, next: ProxyConfiguration): Promise<void> {
  const before = folder.read();
  const logged = lines(folder.logFile("error.log")).length;
  const emergency = () =>
    lines(folder.logFile("error.log"))
      .slice(logged)
      .find((line) => line.includes("[emerg]"));
  try {
    const rendered = folder.write(next);
    folder.test();
    child.kill("SIGHUP");
    await answers(next, rendered, child, emergency);
  } catch (error) {
    folder.restore(before);
    throw error;
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (!running(child)) return;
  // Keeps this process alive until Nginx has ended.
  child.ref();
  const exit = once(child, "exit");
  child.kill("SIGTERM");
  await exit;
}

/** Ends `child` and removes its folder when this process ends in any way, which closes the watchdog's standard input. */
function endWithThisProcess(child: ChildProcess, folder: string): ChildProcess {
  const script = 'cat > /dev/null; kill "$0"; rm -rf "$1"';
  const watchdog = spawn("sh", ["-c", script, String(child.pid), folder], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true, // Ctrl-C ends the whole process group, and the watchdog must outlive it
  });
  watchdog.unref();
  (watchdog.stdin as Socket | null)?.unref();
  return watchdog;
}

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
  throw new Error("its health port does not answer with this configuration");
}

const lines = (file: string) =>
  existsSync(file)
    ? readFileSync(file, "utf8")
        .split("\n")
        .filter((line) => line !== "")
    : [];
