/**
 * `${stageVariables.name}` in uris, connection ids and ARNs. Anything else in braces stays as it is, an unknown variable
 * becomes nothing (guide: "API Gateway stage variables reference").
 */
export function substituteStageVariables(text: string, variables: Record<string, string>): string {
  return text.replace(/\$\{stageVariables\.([^}]*)\}/g, (_, name: string) =>
    Object.hasOwn(variables, name) ? (variables[name] as string) : "",
  );
}
