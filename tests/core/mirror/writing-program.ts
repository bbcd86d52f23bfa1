import { randomStream } from '../../../src/demo/data/random.ts';
import { catalogWithout, openSmall, ROWS_A_BATCH, rowsOfBatch } from './small-mirror.ts';

/** A program that writes to a mirror until it is killed: every commit has its number as position and in each row. */
const [path = '', seed = '0'] = process.argv.slice(2);
const random = randomStream(Number(seed), 'writes');
const { mirror } = openSmall(path);
const catalog = catalogWithout();
let number = Number(mirror.state()?.position ?? 0);

async function load() {
  mirror.begin('load', catalog);
  handRows();
  await mirror.commit(String(number));
}

async function change(isWhole: boolean) {
  mirror.begin('changes', catalog);
  if (isWhole) for (const table of ['Payments', 'Claims']) mirror.whole(table);
  handRows();
  await mirror.commit(String(number));
}

function handRows() {
  const { Payments, Claims } = rowsOfBatch(number);
  const half = ROWS_A_BATCH / 2;
  for (const from of [0, half]) mirror.rows('Payments', Payments.slice(from, from + half));
  mirror.rows('Claims', Claims);
}

number++;
if (mirror.state() === null) await load();
process.stdout.write('ready\n');
while (true) {
  number++;
  const drawn = random.fraction();
  if (drawn < 0.3) await load();
  else await change(drawn < 0.6);
}
