/** The result of `work`, or a rejection with `error()` when it takes longer than `ms`. */
export async function withTimeout<T>(ms: number, work: () => Promise<T>, error: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await Promise.race([
      work(),
      new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(error()), ms);
      }),
    ]);
  } finally {
    clearTimeout(timer);
  }
}
