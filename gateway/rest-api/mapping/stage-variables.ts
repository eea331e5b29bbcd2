/**
 * `${stageVariables.name}` in uris, connection ids and ARNs. Other text in braces is kept; an unknown variable becomes
 * empty (guide: "API Gateway stage variables reference").
 */
export function substituteStageVariables(text: string, variables: Record<string, string>): string {
  return text.replace(/\$\{stageVariables\.([^}]*)\}/g, (_, name: string) =>
    Object.hasOwn(variables, name) ? (variables[name] as string) : "",
  );
}
