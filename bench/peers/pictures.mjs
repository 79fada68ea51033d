// The same work as pictures_bench by what others use: node pictures.mjs FOLDER FONT
// Reads what that left in FOLDER and prints `name CPU-milliseconds` a line; NAME.txt in FOLDER gets the colours found,
// a board a line.
import { getPalette } from "colorthief";
import { Vibrant } from "node-vibrant/node";
import satori from "satori";
import sharp from "sharp";
import { readFileSync, writeFileSync } from "node:fs";

const [folder, font] = process.argv.slice(2);
const WIDTH = 1280, HEIGHT = 720, ROUNDS = 10;
const boards = readFileSync(`${folder}/boards.txt`, "utf8").trim().split("\n").map((_, i) => readFileSync(`${folder}/board-${i}.jpg`));

async function measure(name, work, times = ROUNDS) {
  await work(0);
  const before = process.cpuUsage();
  for (let i = 0; i < times; ++i) await work(i);
  const used = process.cpuUsage(before);
  console.log(`${name} ${((used.user + used.system) / 1000 / times).toFixed(2)}`);
}

const element = (style, children) => ({ type: "div", props: { style: { display: "flex", ...style }, children } });
const design = element(
  {
    width: WIDTH, height: HEIGHT, position: "relative",
    backgroundImage: "linear-gradient(135deg, rgb(30,20,90), rgb(120,30,140) 60%, rgb(240,90,60))",
  },
  [
    element({ position: "absolute", width: WIDTH, height: HEIGHT, backgroundImage: "radial-gradient(circle at 900px 380px, rgba(255,230,150,0.78), rgba(255,230,150,0) 420px)" }),
    element({ position: "absolute", left: 710, top: 210, width: 380, height: 380, borderRadius: 190, border: "10px solid white", backgroundImage: "linear-gradient(rgb(60,200,220), rgb(20,80,160))" }),
    element({ position: "absolute", left: 50, top: 150, width: 640, fontSize: 112, fontWeight: 900, lineHeight: 1.05, color: "rgb(255,220,90)", WebkitTextStroke: "10px black", textShadow: "3px 7px 7px rgba(0,0,0,0.6)" }, "10 TRICKS nobody told you"),
    element({ position: "absolute", left: 1040, top: 50, width: 190, height: 80, borderRadius: 24, alignItems: "center", justifyContent: "center", backgroundColor: "rgb(230,30,60)", color: "white", fontSize: 52 }, "NEW"),
  ],
);
const options = { width: WIDTH, height: HEIGHT, fonts: [{ name: "Inter", data: readFileSync(font), weight: 900 }] };
const drawn = async () => Buffer.from(await satori(design, options));

await measure("draw+jpeg", async () => sharp(await drawn()).jpeg({ quality: 90 }).toBuffer());
await measure("draw+png", async () => sharp(await drawn()).png({ compressionLevel: 1 }).toBuffer());
const photo = readFileSync(`${folder}/photo.jpg`);
await measure("resize", () => sharp(photo).resize(WIDTH, HEIGHT, { fit: "cover" }).jpeg({ quality: 88 }).toBuffer());

const hex = ([r, g, b]) => "#" + [r, g, b].map((v) => Math.round(v).toString(16).padStart(2, "0")).join("");
async function palettes(name, find) {
  const found = [];
  await measure(name, async (i) => (found[i] = await find(boards[i])), boards.length);
  writeFileSync(`${folder}/${name}.txt`, found.map((colours) => colours.join(" ")).join("\n") + "\n");
}
await palettes("node-vibrant", async (board) =>
  Object.values(await Vibrant.from(board).getPalette()).filter(Boolean).map((swatch) => hex(swatch.rgb)));
await palettes("colorthief", async (board) => (await getPalette(board, { colorCount: 7 })).map((colour) => colour.hex()));
