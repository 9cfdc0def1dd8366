// How long text messages are. The server counts; here it is only shown.

// Counts what is being typed: one question at a time, and the newest text last.
export class Counter {
  static known = 0;

  constructor(words, line, channel) {
    Counter.known += 1;
    line.id = `counter-${Counter.known}`;
    words.setAttribute("aria-describedby", line.id);
    this.words = words;
    this.line = line;
    this.channel = channel;
    this.asking = false;
    this.stale = false;
  }

  async count() {
    this.stale = true;
    if (this.asking) {
      return;
    }
    this.asking = true;
    while (this.stale) {
      this.stale = false;
      const text = this.words.value;
      const counted = text.trim() ? await this.ask(text) : null;
      this.line.textContent = counted?.words ?? "";
      this.line.dataset.dear = Boolean(counted && (counted.because || counted.parts.length > 1));
    }
    this.asking = false;
  }

  async ask(text) {
    try {
      const answer = await fetch("/simulator/count", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ phone: "", channel: this.channel, text }),
      });
      return answer.ok ? await answer.json() : null;
    } catch {
      return null;
    }
  }
}

// Segments in all: what went to a phone, and what it sent.
export function tally(bubbles) {
  const sum = { bot: 0, member: 0 };
  for (const { side, counted } of bubbles) {
    sum[side] += counted?.parts.length ?? 0;
  }
  return `Segments: ${sum.bot} to it, ${sum.member} from it`;
}
