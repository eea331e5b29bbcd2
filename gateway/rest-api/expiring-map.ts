/** Entries that end by themselves. What has ended is swept out as new ones come, so that no client can fill the memory. */
export class ExpiringMap<T> {
  private readonly entries = new Map<string, { value: T; until: number }>();

  /** `most`: entries kept at a time; beyond it the oldest goes. */
  constructor(private readonly most = 10_000) {}

  get(key: string, now = Date.now()): T | undefined {
    const entry = this.entries.get(key);
    if (!entry) return undefined;
    if (entry.until > now) return entry.value;
    this.entries.delete(key);
    return undefined;
  }

  set(key: string, value: T, milliseconds: number, now = Date.now()): void {
    this.entries.delete(key);
    if (this.entries.size >= this.most) this.sweep(now);
    this.entries.set(key, { value, until: now + milliseconds });
  }

  get size(): number {
    return this.entries.size;
  }

  private sweep(now: number): void {
    for (const [key, entry] of this.entries) if (entry.until <= now) this.entries.delete(key);
    const oldest = this.entries.keys().next();
    if (this.entries.size >= this.most && !oldest.done) this.entries.delete(oldest.value);
  }
}
