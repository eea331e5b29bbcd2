/**
 * The domain name a service gets when its settings give none: `uuid-api.dev.example.org`; in production the last
 * part `-api` becomes a label of its own, `uuid.api.example.org`.
 */
export function serviceDomain(
  name: string,
  zone: string,
  stage: { stack: string; production: boolean },
): string {
  return stage.production ? `${name.replace(/-api$/, "")}.api.${zone}` : `${name}.${stage.stack}.${zone}`;
}
