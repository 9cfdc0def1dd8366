// One phone: who holds it, what it shows, what it sends. What it sends goes out one after another, in order.

import { drawBubble, drawRows, updateBubble } from "./simulator-bubble.js";
import { Counter, tally } from "./simulator-counter.js";

const E164 = /^[1-9][0-9]{6,14}$/;
const NEAR_PX = 80;
const NOT_STORED = 503; // the bubble is there, and can be delivered again

export class Phone {
  constructor(channel, number, people, desk) {
    this.channel = channel;
    this.number = number;
    this.people = people;
    this.desk = desk;
    this.drawn = new Map();
    this.outbox = Promise.resolve();
    this.element = document.getElementById("phone").content.cloneNode(true).firstElementChild;
    this.part = (name) => this.element.querySelector(`.${name}`);
    this.counter = channel.buttons ? null : new Counter(this.part("words"), this.part("counter"), channel.name);
    this.offerPeople();
    this.listen();
    this.part("msisdn").value = number;
    this.part("image").hidden = !channel.buttons;
    this.element.dataset.looks = channel.buttons ? "whatsapp" : "sms";
    this.part("segments").hidden = channel.buttons;
    this.part("counter").hidden = channel.buttons;
    this.introduce();
  }

  offerPeople() {
    const options = this.people.map(({ phone, label }) => new Option(label, phone));
    this.part("people").append(...options, new Option("Somebody else", ""));
  }

  listen() {
    const on = (name, event, react) => this.part(name).addEventListener(event, react);
    on("people", "change", () => this.pickPerson());
    on("msisdn", "input", () => this.give(this.part("msisdn").value));
    on("away", "click", () => this.desk.away());
    on("hi", "click", () => this.send("say", { text: "hi" }));
    on("image", "click", () => this.send("media", { kind: "image" }));
    on("newer", "click", () => this.toBottom());
    on("log", "scroll", () => this.isNearBottom() && (this.part("newer").hidden = true));
    on("composer", "submit", (event) => this.submit(event));
    on("words", "input", () => this.counter?.count());
    on("words", "keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.part("composer").requestSubmit();
      }
    });
    on("scrim", "click", () => this.closeSheet());
    on("sheet", "keydown", (event) => this.inSheet(event));
  }

  focus() {
    this.part("words").focus();
    this.element.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  // Who holds the phone

  pickPerson() {
    const picked = this.part("people").value;
    this.part("msisdn").value = picked;
    this.give(picked);
    if (!picked) {
      this.part("msisdn").focus();
    }
  }

  give(typed) {
    this.number = typed.replace(/[\s().+-]/g, "");
    this.part("msisdn").setAttribute("aria-invalid", String(!E164.test(this.number)));
    this.introduce();
    this.redraw();
    this.desk.moved();
  }

  introduce() {
    const person = this.people.find(({ phone }) => phone === this.number);
    const name = person?.label ?? (this.number ? `+${this.number}` : "somebody new");
    this.part("people").value = person?.phone ?? "";
    this.element.setAttribute("aria-label", `${this.channel.title} phone of ${name}`);
    this.part("log").setAttribute("aria-label", `Conversation of ${name}`);
    this.part("words").setAttribute("aria-label", `Message from ${name}`);
    this.part("away").setAttribute("aria-label", `Put away the phone of ${name}`);
    this.part("about").textContent = this.channel.buttons ? "WhatsApp" : "SMS · text only";
    this.part("lead").textContent = person || this.number ? `You are ${name}.` : "Give this phone a number first.";
    this.part("hint").textContent = this.channel.buttons
      ? "Buttons can be tapped, also old ones; a choice’s number can be typed instead."
      : "Choices come numbered: type the number.";
    this.part("hi").disabled = !E164.test(this.number);
  }

  // What it shows

  holds(bubble) {
    return bubble.channel === this.channel.name && bubble.phone === this.number;
  }

  redraw() {
    this.closeSheet();
    for (const node of this.drawn.values()) {
      node.remove();
    }
    this.drawn.clear();
    this.receive([...this.desk.bubbles()]);
    this.complain("");
    this.toBottom();
  }

  receive(news) {
    let follow = this.isNearBottom();
    let fresh = 0;
    for (const bubble of news.filter((each) => this.holds(each)).sort((one, other) => one.number - other.number)) {
      const node = this.drawn.get(bubble.number);
      if (node) {
        updateBubble(node, bubble);
      } else {
        this.draw(bubble);
        fresh += 1;
        follow ||= bubble.side === "member";
      }
    }
    this.part("empty").hidden = this.drawn.size > 0;
    this.part("tally").textContent = tally([...this.desk.bubbles()].filter((each) => this.holds(each)));
    if (fresh && follow) {
      this.toBottom();
    } else if (fresh) {
      this.part("newer").hidden = false;
    }
  }

  draw(bubble) {
    const node = drawBubble(bubble, {
      tap: (choice) => this.tap(choice),
      open: (opener) => this.openSheet(bubble, opener),
      again: () => this.send("again", { number: bubble.number }),
      texts: !this.channel.buttons,
    });
    this.drawn.set(bubble.number, node);
    this.part("log").append(node);
  }

  isNearBottom() {
    const log = this.part("log");
    return log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_PX;
  }

  toBottom() {
    const log = this.part("log");
    log.scrollTop = log.scrollHeight;
    this.part("newer").hidden = true;
  }

  // The list of a screen, over the conversation

  openSheet(bubble, opener) {
    const sheet = this.part("sheet");
    this.opener = opener;
    opener.setAttribute("aria-expanded", "true");
    sheet.setAttribute("aria-label", bubble.menu);
    sheet.replaceChildren(
      drawRows(bubble, {
        tap: (choice) => {
          this.closeSheet();
          this.tap(choice);
        },
        close: () => this.closeSheet(),
      }),
    );
    this.behindSheet(true);
    sheet.show();
    sheet.scrollTop = 0;
    sheet.querySelector(".row").focus({ preventScroll: true });
  }

  closeSheet() {
    const sheet = this.part("sheet");
    if (!sheet.open) {
      return;
    }
    sheet.close();
    this.behindSheet(false);
    this.opener.setAttribute("aria-expanded", "false");
    this.opener.focus({ preventScroll: true });
  }

  behindSheet(covered) {
    this.part("scrim").hidden = !covered;
    for (const name of ["contact", "log", "composer"]) {
      this.part(name).inert = covered;
    }
  }

  inSheet(event) {
    const rows = [...this.part("sheet").querySelectorAll(".row")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") {
      event.preventDefault();
      this.closeSheet();
    } else if (step) {
      event.preventDefault();
      const place = rows.indexOf(document.activeElement);
      rows[(place + step + rows.length) % rows.length].focus();
    }
  }

  // What it sends

  tap(choice) {
    this.send("tap", { choice: choice.id, label: choice.title });
  }

  submit(event) {
    event.preventDefault();
    const words = this.part("words");
    const text = words.value;
    if (!text.trim()) {
      return;
    }
    words.value = "";
    this.counter?.count();
    this.send("say", { text }).then((shown) => {
      if (!shown && !words.value) {
        words.value = text;
        this.counter?.count();
      }
    });
  }

  send(what, said) {
    this.toBottom();
    const message = { phone: this.number, channel: this.channel.name, ...said };
    const twice = what === "say" && this.part("twice").checked;
    const sent = this.outbox.then(() => this.post(what, message, twice));
    this.outbox = sent;
    return sent;
  }

  async post(what, message, twice = false) {
    let problem = "";
    let shown = false;
    try {
      const answer = await fetch(`/simulator/${what}`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(message),
      });
      shown = answer.ok || answer.status === NOT_STORED;
      const told = await answer.json();
      problem = answer.ok ? "" : (told.error ?? `The server answered ${answer.status}.`);
      if (answer.ok && twice) {
        return await this.post("again", { phone: message.phone, channel: message.channel, number: told.number });
      }
    } catch {
      problem = "The server did not answer. Is it running?";
    }
    this.complain(problem);
    return shown;
  }

  complain(problem) {
    this.part("problem").textContent = problem;
    this.part("problem").hidden = !problem;
  }
}
