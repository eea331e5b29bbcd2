import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** A usable Nginx: new enough, with the stream module. */
export interface NginxBinary {
  binary: string;
  /** E.g. `1.22.1`. */
  version: string;
  /** Folder with dynamic modules, if the build has one. */
  modules?: string;
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
