// A QR code as one SVG path, always dark on light so that every camera reads it.
import { encode } from 'uqr';

export function Qr({ text, name }: { text: string; name: string }) {
  const { data, size } = encode(text, { ecc: 'M', border: 0 });
  let path = '';
  data.forEach((row, y) => {
    row.forEach((dark, x) => {
      if (dark) path += `M${x} ${y}h1v1h-1z`;
    });
  });
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={name}>
      <path d={path} fill="currentColor" shape-rendering="crispEdges" />
    </svg>
  );
}
