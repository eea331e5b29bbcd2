/** What a plan can fail on, and the label by which a maintainer lets it pass. Only people with triage rights can set a label. */
export const GATES = {
  weakened: "weakened access",
  breaking: "breaking change",
  findings: undefined,
} as const;

export type Gate = keyof typeof GATES;

export const gates = Object.keys(GATES) as Gate[];

/** What a pull request with these labels still fails on. */
export function gatesFor(labels: string[]): Gate[] {
  return gates.filter((gate) => !labels.some((label) => label === GATES[gate]));
}
