import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  type RenderedConfiguration,
  renderConfiguration,
} from "../../../components/backends/psc/nginx/config";
import type { ProxyConfiguration, ProxyMachine } from "../../../components/backends/psc/nginx/configuration";
import type { NginxBinary } from "./binary";

/** A temporary folder with the configuration, logs and runtime files of one Nginx. */
export class NginxFolder {
  readonly path = mkdtempSync(join(tmpdir(), "gateway-nginx-"));
  readonly #file = join(this.path, "conf/nginx.conf");
  /** Command line arguments that make Nginx use this folder. */
  readonly args = ["-p", this.path, "-e", "stderr", "-c", this.#file];

  constructor(private readonly nginx: NginxBinary) {
    for (const name of ["conf", "run", "logs"]) mkdirSync(join(this.path, name));
    // Debian's packages name their modules relative to the prefix.
    if (nginx.modules) symlinkSync(nginx.modules, join(this.path, "modules"));
  }

  /** Renders a configuration into the folder, as for EC2 except for folders, address and workers. */
  write(configuration: ProxyConfiguration, changes: Partial<ProxyMachine> = {}): RenderedConfiguration {
    const machine: ProxyMachine = {
      runtime: join(this.path, "run"),
      logs: join(this.path, "logs"),
      systemCa: systemCa(),
      address: "127.0.0.1",
      workers: 1,
      ...changes,
    };
    const rendered = renderConfiguration(configuration, machine);
    for (const [name, text] of Object.entries(rendered.files)) {
      mkdirSync(dirname(join(this.path, "conf", name)), { recursive: true });
      writeFileSync(join(this.path, "conf", name), text);
    }
    return rendered;
  }

  read(): string {
    return readFileSync(this.#file, "utf8");
  }

  restore(text: string): void {
    writeFileSync(this.#file, text);
  }

  logFile(name: string): string {
    return join(this.path, "logs", name);
  }

  /** Runs `nginx -t`. @returns Nginx's warnings @throws Error with Nginx's message when it refuses the configuration */
  test(): string {
    const { status, stderr } = spawnSync(this.nginx.binary, [...this.args, "-t", "-g", user()], {
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`Nginx refuses the configuration: ${stderr.trim()}`);
    return stderr
      .split("\n")
      .filter((line) => !/(syntax is ok|test is successful)$/.test(line))
      .join("\n");
  }
}

/** As root, Nginx would run its workers as `nobody`, who cannot enter root's temporary folder. */
export const user = () => (process.getuid?.() === 0 ? "user root;" : "");

/** The operating system's bundle: Amazon Linux and Fedora, Debian and Alpine, macOS. */
function systemCa(): string {
  const bundles = [
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/ssl/cert.pem",
  ];
  return bundles.find((path) => existsSync(path)) ?? "/etc/ssl/certs/ca-certificates.crt";
}
