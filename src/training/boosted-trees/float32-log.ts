/**
 * The natural logarithm of a positive float32, rounded to float32 as the C library rounds it (ARM's optimized routines, which
 * glibc has used since 2.28), so that the base margins of XGBoost's models are its own: a table of 1/c and log c, and a
 * cubic in the remainder.
 */
export function logFloat32(x: number): number {
  if (x === 1) return 0;
  if (!(x >= 1.1754943508222875e-38 && x <= 3.4028234663852886e38)) return Math.fround(Math.log(x));
  float[0] = x;
  const shifted = ((bits[0] as number) - offset) | 0;
  const index = (shifted >>> 19) & 15;
  const exponent = shifted >> 23;
  bits[0] = (bits[0] as number) - (shifted & 0xff_80_00_00);
  const r = (float[0] as number) * (inverses[index] as number) - 1;
  const start = (logarithms[index] as number) + exponent * ln2;
  const square = r * r;
  return Math.fround((cubic * square + (quadratic * r + linear)) * square + (start + r));
}

const offset = 0x3f_33_00_00;
const bits = new Int32Array(1);
const float = new Float32Array(bits.buffer);
const ln2 = 0.6931471805599453;
const cubic = -0.25089342214237154;
const quadratic = 0.333456765744066;
const linear = -0.4999997485802103;
const inverses = Float64Array.of(
  1.398907162146528,
  1.3403141896637998,
  1.286432210124115,
  1.2367150214269895,
  1.1906977166711752,
  1.1479821020556429,
  1.1082251448272158,
  1.0711297413057381,
  1.036437278977283,
  1.0,
  0.9492859795739057,
  0.8951049428609004,
  0.8476821620351103,
  0.8050314851692001,
  0.7664671008843108,
  0.731428603316328,
);
const logarithms = Float64Array.of(
  -0.33569133332882284,
  -0.2929040563774074,
  -0.2518726580937369,
  -0.21245868807117255,
  -0.17453945183745634,
  -0.1380057072319758,
  -0.10275976698545139,
  -0.06871392447020525,
  -0.0357891387398228,
  0.0,
  0.05204517742929496,
  0.11081431298787942,
  0.1652495223695143,
  0.21687389031699977,
  0.2659635028121397,
  0.3127556664073557,
);
