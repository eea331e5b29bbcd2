/** One measured figure beside its reference, both taken in the same run. */
export interface BenchRow {
  /** What was measured, as a short sentence. */
  name: string;
  value: number;
  unit: string;
  /** What the value is compared with. */
  reference: string;
  /** The reference in the same unit. */
  referenceValue: number;
  /** value / referenceValue. */
  ratio: number;
  /** The bound the ratio or value is held to, e.g. "ratio <= 2.5". */
  target?: string;
  /** Whether the target was met in this run. */
  met?: boolean;
}
