import type { Cost, CostLine } from "./cost";

/** The estimate as lines for a terminal. */
export function costText(cost: Cost): string {
  const money = (amount: number) => amount.toFixed(2).padStart(10);
  const row = ({ item, count, amount }: CostLine) =>
    `${money(amount)}  ${count > 1 ? `${count} × ` : ""}${item}`;
  return [
    `Estimate in ${cost.currency}, list prices of ${cost.region} on ${cost.date}`,
    `${money(cost.fixedMonthly)}  a month, whatever the traffic`,
    ...cost.fixed.map((line) => `  ${row(line)}`),
    `${money(cost.perMillionRequests)}  per million requests`,
    ...cost.usage.map((line) => `  ${row(line)}`),
    ...cost.notes.map((note) => `${" ".repeat(12)}${note}`),
  ].join("\n");
}

/** One line for a comment; with what it was before where that differs. */
export function costLine(cost: Cost, before?: Cost): string {
  const change = (now: number, then: number | undefined) =>
    then === undefined || then === now ? now.toFixed(2) : `${then.toFixed(2)} → **${now.toFixed(2)}**`;
  return (
    `Estimate: ${change(cost.fixedMonthly, before?.fixedMonthly)} ${cost.currency} a month and ` +
    `${change(cost.perMillionRequests, before?.perMillionRequests)} per million requests ` +
    `(list prices, ${cost.region}, ${cost.date}).`
  );
}
