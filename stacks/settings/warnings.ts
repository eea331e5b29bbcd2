import { contains } from "../../lib/cidr";
import type { Finding } from "../../lib/finding";
import type { SettingsPath } from "../../lib/settings-issues";
import type { Settings } from ".";

/** Source: RFC 1918, RFC 6598 and RFC 4193. */
const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"];

/** What AWS accepts and still does not do what its owner expects. */
export function settingsWarnings(settings: Settings): Finding[] {
  const warning = (rule: string, path: SettingsPath, message: string): Finding => ({
    level: "warning",
    rule,
    where: settings.locate(path),
    message,
  });
  const { production, alarms, keepAlive, throttle, allow, levels, network, services } = settings;
  const findings: Finding[] = [];
  if (production && !alarms)
    findings.push(
      warning(
        "alarms-missing",
        ["alarms"],
        "Production has no alarms on failing APIs, unhealthy backends or authorizers. Set gateway:alarms.topicArn.",
      ),
    );
  if (keepAlive && !keepAlive.alarmTopicArn && !alarms)
    findings.push(
      warning(
        "alarm-without-topic",
        ["keepAlive"],
        "The keep-alive's alarms notify nobody. Set gateway:alarms.topicArn or keepAlive.alarmTopicArn.",
      ),
    );
  if (production && !throttle)
    findings.push(
      warning(
        "production-without-throttle",
        ["throttle"],
        "One caller can use up the account's requests per second, which all APIs of the region share. Set gateway:throttle.",
      ),
    );
  allow?.addresses.forEach((range, i) => {
    if (!PRIVATE.some((wide) => contains(wide, range))) return;
    const message = `${range} is private: callers reach API Gateway from public addresses, so it allows nobody. List the public addresses of their NAT gateway or proxy.`;
    findings.push(warning("allow-private-range", ["allow", "addresses", i], message));
  });
  for (const [level, { groups, includes = [] }] of Object.entries(levels)) {
    if (groups.length > 0 || includes.length > 0) continue;
    const message = `Nobody has the access level ${level}: it has no groups and includes no level.`;
    findings.push(warning("level-without-groups", ["levels", level], message));
  }
  services.forEach(({ name, backend }, i) => {
    if (!network.create || !backend.instances) return;
    const message = `The instances of ${name} must be in the VPC that network.create creates; AWS refuses targets in another VPC. Deploy once with services: [], launch the instances in the new VPC, then add the services.`;
    findings.push(warning("instances-outside-network", ["services", i, "backend"], message));
  });
  return findings;
}
