// A live room: a socket that comes back by itself, sooner after a short absence than after a long one.
// join("/rooms/event/x", { hear(message), be(isOn) }): `be` is told whenever live goes on or off.

const FIRST = 1000;
const LONGEST = 30000;
const SILENCE = 75000; // a room of an event gives a sign of life twice a minute
const ENDED = [4401, 4404]; // signed out, or not ours any more: asking again changes nothing

export function join(path, { hear, be }) {
  const address = new URL(path, location.href);
  address.protocol = address.protocol.replace("http", "ws");
  let socket;
  let tries = 0;
  let waiting;
  let silence;
  let ended = false;

  function listen() {
    clearTimeout(silence);
    if (path !== "/notifs") silence = setTimeout(() => socket.close(), SILENCE);
  }

  function open() {
    clearTimeout(waiting);
    socket = new WebSocket(address);
    socket.addEventListener("message", (event) => {
      const message = JSON.parse(event.data);
      listen();
      if (message.meta === "WS connected") {
        tries = 0;
        be(true);
      }
      hear(message);
    });
    socket.addEventListener("close", (event) => {
      clearTimeout(silence);
      be(false);
      ended = ENDED.includes(event.code);
      if (ended) return;
      const pause = Math.min(LONGEST, FIRST * 2 ** tries) * (0.5 + Math.random());
      tries += 1;
      waiting = setTimeout(open, pause);
    });
  }

  function hurry() {
    if (ended || document.hidden || socket.readyState !== WebSocket.CLOSED) return;
    tries = 0;
    open();
  }

  document.addEventListener("visibilitychange", hurry);
  window.addEventListener("online", hurry);
  window.addEventListener("pagehide", () => socket.close());
  window.addEventListener("pageshow", (event) => event.persisted && hurry());
  open();
}
