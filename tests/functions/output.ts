/** Runs something and gives what the process wrote meanwhile, instead of showing it. */
export async function withOutput<Value>(
  run: () => Promise<Value>,
): Promise<{ value: Value; output: string }> {
  const streams = [process.stdout, process.stderr];
  const writes = streams.map((stream) => stream.write);
  let output = "";
  for (const stream of streams) {
    stream.write = ((chunk: string | Uint8Array) => {
      output += typeof chunk === "string" ? chunk : Buffer.from(chunk).toString();
      return true;
    }) as typeof stream.write;
  }
  try {
    const value = await run();
    return { value, output };
  } finally {
    streams.forEach((stream, index) => {
      stream.write = writes[index] as typeof stream.write;
    });
  }
}
