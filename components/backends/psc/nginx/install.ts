import { gzipSync } from "fflate";
import type { RenderedConfiguration } from "./config";
import { type ProxyConfiguration, proxyName } from "./configuration";

export interface Installation {
  configuration: ProxyConfiguration;
  rendered: RenderedConfiguration;
  /** Log group for the access and error log. */
  logGroup: string;
  /** Install the CloudWatch agent. Otherwise logs are only sent if it is already installed. */
  installAgent: boolean;
}

/**
 * The idempotent shell script that installs this proxy on a machine with Amazon Linux 2023 or a Debian or Fedora
 * derivative: as user data of a new instance, or as an SSM document on an existing one.
 *
 * The proxy is a separate systemd unit with its own user, beside any other Nginx on the machine. A configuration is
 * written beside the running one, tested, switched to and checked by its ID. If anything fails, the previous one keeps
 * running and the script exits with 1.
 */
export function installScript({ configuration, rendered, logGroup, installAgent }: Installation): string {
  const name = proxyName(configuration.stage);
  return [
    header(name, rendered.id),
    packages(installAgent),
    files(rendered),
    systemdUnit(name),
    switchOver(configuration.healthPort),
    logs(name, logGroup, installAgent),
  ].join("");
}

const header = (name: string, id: string) => `#!/bin/sh
# Reverse proxy ${name}, configuration ${id}.
set -eu
umask 022
name=${name}
id=${id}
etc=/etc/$name
release=$etc/releases/$id

say() { echo "$name: $*" >&2; }
# Nginx's user owns the folders in which it works, so root opens no file there: a link could point anywhere.
as_proxy() { setpriv --reuid="$name" --regid="$name" --clear-groups --inh-caps=+net_bind_service --ambient-caps=+net_bind_service -- "$@"; }
again() { for pause in 5 20 60; do "$@" && return; say "again in $pause s: $*"; sleep "$pause"; done; "$@"; }
has_stream() {
  nginx -V 2>&1 | grep -Eq -- '--with-stream( |$)' ||
    ls /usr/lib64/nginx/modules/ngx_stream_module.so /usr/lib/nginx/modules/ngx_stream_module.so 2>/dev/null | grep -q .
}

`;

const packages = (
  installAgent: boolean,
) => `# Packages. A package that also enables its own server must not start it.
had_nginx=$(command -v nginx || true)
if [ -z "$had_nginx" ] || ! has_stream; then
  # Without a package for the module, the repository may have an Nginx with the module built in, as nginx.org's has.
  if command -v dnf >/dev/null; then
    again dnf -y -q install nginx nginx-mod-stream || dnf -y -q install nginx || true
  elif command -v apt-get >/dev/null; then
    again apt-get -q update || true
    apt_install() { env DEBIAN_FRONTEND=noninteractive apt-get -y -q install "$@"; }
    again apt_install nginx libnginx-mod-stream || apt_install nginx || true
  else
    say "install nginx with its stream module first: neither dnf nor apt-get is here"
    exit 1
  fi
  [ -n "$had_nginx" ] || systemctl disable --now nginx || true
fi
if ! has_stream; then
  say "no nginx with the stream module is available (Amazon Linux: nginx-mod-stream, Debian: libnginx-mod-stream); nothing has changed"
  exit 1
fi
if ! command -v curl >/dev/null; then
  say "install curl first: it checks the new configuration; nothing has changed"
  exit 1
fi
${installAgent ? 'again dnf -y -q install amazon-cloudwatch-agent || say "logs will not be sent to CloudWatch"\n' : ""}nginx=$(command -v nginx)
id -u "$name" >/dev/null 2>&1 || useradd --system --no-create-home --shell /sbin/nologin "$name"
install -d -o "$name" -g "$name" -m 750 "/run/$name" "/var/log/$name"

`;

/** Everything is written and tested in the folder of the new release. */
const files = (rendered: RenderedConfiguration) => `# The configuration, beside the running one.
mkdir -p "$release/ca"
for bundle in /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/certs/ca-certificates.crt; do
  [ -e "$bundle" ] && ln -sfn "$bundle" "$etc/system-ca.pem"
done
${Object.entries(rendered.files)
  .map(([path, text]) => heredoc(`$release/${path}`, text))
  .join("\n")}
tested=yes
as_proxy "$nginx" -t -q -e stderr -c "$release/nginx.conf" || tested=no
if [ "$tested" = no ]; then
  say "nginx rejects configuration $id; nothing has changed"
  exit 1
fi

`;

const systemdUnit = (name: string) => `# The unit.
cat > "/etc/systemd/system/$name.service" <<UNIT
${unit(name)}UNIT
${heredoc(`/etc/logrotate.d/${name}`, logrotate(name))}
systemctl daemon-reload

`;

/** Back to the previous release when the new one does not answer with its ID. */
const switchOver = (healthPort: number) => `# The switch.
before=$(readlink "$etc/current" || true)
switch() {
  ln -sfn "$1" "$etc/current.new" && mv -T "$etc/current.new" "$etc/current"
  systemctl enable -q "$name"
  systemctl reload-or-restart "$name"
}
runs() {
  for _ in $(seq 50); do
    curl -fsS --max-time 2 http://127.0.0.1:${healthPort}/health 2>/dev/null | grep -q "$1" && return
    sleep 0.2
  done
  return 1
}
if ! { switch "releases/$id" && runs "$id"; }; then
  as_proxy tail -n 20 "/var/log/$name/error.log" >&2 || true
  if [ -n "$before" ] && [ "$before" != "releases/$id" ]; then
    switch "$before" || true
    say "configuration $id does not start; back to $before"
  else
    say "configuration $id does not start"
  fi
  exit 1
fi
for old in "$etc"/releases/*; do
  case $old in "$release" | "$etc/$before") ;; *) rm -rf "$old" ;; esac
done

`;

const logs = (
  name: string,
  logGroup: string,
  installAgent: boolean,
) => `# Logs to CloudWatch, optional. An agent that was installed before keeps its configuration.
agent=/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl
if [ -x "$agent" ]; then
${heredoc("$etc/$name.json", JSON.stringify(agentConfiguration(name, logGroup)))}
  "$agent" -a ${installAgent ? "fetch-config" : "append-config"} -m ec2 -s -c "file:$etc/$name.json" || say "logs are not sent to CloudWatch"
fi
say "runs configuration $id"
`;

/** Writes a file verbatim: with a quoted delimiter the shell expands nothing. */
function heredoc(path: string, text: string): string {
  if (/^END$/m.test(text)) throw new Error(`${path} contains a line that ends a here-document`);
  return `cat > "${path}" <<'END'\n${text.endsWith("\n") ? text : `${text}\n`}END`;
}

/** Nginx's only privilege is the capability to bind ports below 1024. */
const unit = (name: string) => `[Unit]
Description=Reverse proxy of the API gateway (${name})
After=network-online.target
Wants=network-online.target

[Service]
User=${name}
AmbientCapabilities=CAP_NET_BIND_SERVICE
CapabilityBoundingSet=CAP_NET_BIND_SERVICE
NoNewPrivileges=yes
PrivateDevices=yes
PrivateTmp=yes
ProtectHome=yes
ProtectSystem=strict
RuntimeDirectory=${name}
LogsDirectory=${name}
LimitNOFILE=65536
ExecStart=$nginx -e stderr -c /etc/${name}/current/nginx.conf -g "daemon off;"
ExecReload=/bin/kill -HUP \\$MAINPID
KillSignal=SIGQUIT
TimeoutStopSec=75
Restart=always
RestartSec=1

[Install]
WantedBy=multi-user.target
`;

const logrotate = (name: string) => `/var/log/${name}/*.log {
  daily
  maxsize 100M
  rotate 7
  compress
  delaycompress
  missingok
  notifempty
  su ${name} ${name}
  sharedscripts
  postrotate
    systemctl kill --signal=USR1 --kill-who=main ${name}
  endscript
}
`;

function agentConfiguration(name: string, logGroup: string): object {
  const file = (log: string) => ({
    file_path: `/var/log/${name}/${log}.log`,
    log_group_name: logGroup,
    log_stream_name: `{instance_id}/${log}`,
  });
  // Nginx's error log quotes request lines, referrers and upstream URLs; a query string in them can contain a token.
  const withoutQuery = { filters: [{ type: "exclude", expression: "[?]" }] };
  const files = [file("access"), { ...file("error"), ...withoutQuery }];
  return { logs: { logs_collected: { files: { collect_list: files } } } };
}

/** Source: EC2 API reference, RunInstances, UserData ("limited to 16 KB, in raw form, before it is base64-encoded"). */
const USER_DATA_LIMIT = 16 * 1024;

/**
 * The script as user data: compressed, which cloud-init supports, in base64. With fflate, because Node's zlib output
 * depends on the platform, and different bytes would replace the instances.
 * @throws Error when it is larger than EC2 allows
 */
export function userData(script: string): string {
  const compressed = gzipSync(new TextEncoder().encode(script), { level: 9, mtime: 0 });
  if (compressed.length > USER_DATA_LIMIT) {
    throw new Error(tooLarge("compressed bytes", compressed.length, "user data", USER_DATA_LIMIT));
  }
  return Buffer.from(compressed).toString("base64");
}

/** Source: Systems Manager quotas, "Maximum size of a document". */
const DOCUMENT_LIMIT = 64 * 1024;

/**
 * The script as the content of an SSM Command document.
 * @throws Error when it is larger than SSM allows
 */
export function commandDocument(script: string, description: string): string {
  // SSM substitutes parameters for {{ name }} in a document's content.
  if (script.includes("{{"))
    throw new Error("The proxy's configuration contains {{, which SSM would substitute");
  const content = JSON.stringify({
    schemaVersion: "2.2",
    description,
    mainSteps: [
      {
        action: "aws:runShellScript",
        name: "install",
        precondition: { StringEquals: ["platformType", "Linux"] },
        inputs: { timeoutSeconds: "900", runCommand: script.trimEnd().split("\n") },
      },
    ],
  });
  if (Buffer.byteLength(content) > DOCUMENT_LIMIT) {
    throw new Error(tooLarge("bytes", Buffer.byteLength(content), "an SSM document", DOCUMENT_LIMIT));
  }
  return content;
}

function tooLarge(unit: string, size: number, target: string, limit: number): string {
  return `The proxy's configuration has ${size} ${unit}; ${target} can have ${limit}. Shorten the CA bundles: only the authorities that sign the partners' certificates are needed.`;
}
