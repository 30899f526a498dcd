// The camera as a reader of codes: by the browser's own detector where it has one, else by the module we bring along.

const REST = 120; // milliseconds between two looks
const OUT_OF_SIGHT = 3000; // a code that stays in the picture is read once

const TYPE_INSTEAD = "Until then, type the code or search by name.";
const PROBLEMS = {
  NotAllowedError: `The browser keeps the camera from this page. Allow it in the browser’s settings for this site. ${TYPE_INSTEAD}`,
  NotFoundError: "This device has no camera. Type the code, search by name, or use a hand scanner.",
  OverconstrainedError: "This device has no camera that fits. Type the code, search by name, or use a hand scanner.",
  NotReadableError: `Another program holds the camera. Close it, then start the camera again. ${TYPE_INSTEAD}`,
  NotSecure: "Browsers open the camera only at addresses that begin with https. Type the code, or use a hand scanner.",
  NoReader: `The reader of codes did not load. Start the camera again when the network is back. ${TYPE_INSTEAD}`,
};

export class Camera {
  constructor(video, { reader, wasm, found }) {
    Object.assign(this, { video, reader, wasm, found, rests: false });
    this.seen = new Map(); // code: when it was last in the picture
  }

  get isOn() {
    return Boolean(this.stream?.active);
  }

  // What went wrong in words, or nothing.
  async start() {
    if (!navigator.mediaDevices?.getUserMedia) return PROBLEMS.NotSecure;
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch (problem) {
      return PROBLEMS[problem.name] || `The camera does not start. ${TYPE_INSTEAD}`;
    }
    this.video.srcObject = this.stream;
    await this.video.play().catch(() => {});
    try {
      this.detector ||= await makeDetector(this.reader, this.wasm);
    } catch {
      this.stop();
      return PROBLEMS.NoReader;
    }
    navigator.wakeLock?.request("screen").catch(() => {});
    this.look();
    return "";
  }

  stop() {
    for (const track of this.stream?.getTracks() || []) track.stop();
  }

  get hasTorch() {
    return Boolean(this.stream?.getVideoTracks()[0]?.getCapabilities?.().torch);
  }

  lightTorch(on) {
    return this.stream.getVideoTracks()[0].applyConstraints({ advanced: [{ torch: on }] });
  }

  async look() {
    while (this.isOn) {
      if (!this.rests && !document.hidden && this.video.readyState >= 2) await this.read();
      await new Promise((resolve) => setTimeout(resolve, REST));
    }
  }

  async read() {
    const codes = await this.detector.detect(this.video).catch(() => []);
    const now = performance.now();
    for (const { rawValue } of codes) {
      const isNew = now - (this.seen.get(rawValue) ?? -Infinity) > OUT_OF_SIGHT;
      this.seen.set(rawValue, now);
      if (rawValue && isNew && !this.rests) this.found(rawValue);
    }
  }
}

async function makeDetector(reader, wasm) {
  const options = { formats: ["qr_code"] };
  if ("BarcodeDetector" in window) {
    const formats = await window.BarcodeDetector.getSupportedFormats();
    if (formats.includes("qr_code")) return new window.BarcodeDetector(options);
  }
  await loadScript(reader);
  const { BarcodeDetector, prepareZXingModule } = window.BarcodeDetectionAPI;
  await prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true });
  return new BarcodeDetector(options);
}

function loadScript(address) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.addEventListener("load", resolve);
    script.addEventListener("error", reject);
    document.head.append(script);
  });
}
