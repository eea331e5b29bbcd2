import { isUtf8 } from "node:buffer";

/** Makes a stream of bytes valid UTF-8, also for characters split across chunks; invalid bytes become U+FFFD. */
export class Utf8 {
  private decoder?: InstanceType<typeof TextDecoder>;

  write(chunk: Buffer): Buffer {
    if (!this.decoder && isUtf8(chunk)) return chunk;
    this.decoder ??= new TextDecoder("utf-8", { ignoreBOM: true });
    return Buffer.from(this.decoder.decode(chunk, { stream: true }), "utf8");
  }

  end(): Buffer {
    return this.decoder ? Buffer.from(this.decoder.decode(), "utf8") : Buffer.alloc(0);
  }
}
