/**
 * The default domain name of a service: `uuid-api.dev.example.org`; in production the suffix `-api` becomes a label,
 * `uuid.api.example.org`.
 */
export function serviceDomain(
  name: string,
  zone: string,
  stage: { stack: string; production: boolean },
): string {
  return stage.production ? `${name.replace(/-api$/, "")}.api.${zone}` : `${name}.${stage.stack}.${zone}`;
}
