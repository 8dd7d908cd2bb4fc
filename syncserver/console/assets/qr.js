// Draws the address of a set-up as a QR code. Without scripts the key beside it is typed by hand.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const QUIET = 4; // modules around the code, which readers need (ISO/IEC 18004)
  const SVG = "http://www.w3.org/2000/svg";
  for (const place of document.querySelectorAll("[data-qr]")) {
    const code = qrcode(0, "M");
    code.addData(place.dataset.qr, "Byte");
    code.make();
    const count = code.getModuleCount();
    let path = "";
    for (let row = 0; row < count; row += 1) {
      for (let column = 0; column < count; column += 1) {
        if (code.isDark(row, column)) path += `M${column + QUIET} ${row + QUIET}h1v1h-1z`;
      }
    }
    const drawing = document.createElementNS(SVG, "svg");
    drawing.setAttribute("viewBox", `0 0 ${count + 2 * QUIET} ${count + 2 * QUIET}`);
    drawing.setAttribute("aria-hidden", "true");
    drawing.append(document.createElementNS(SVG, "path"));
    drawing.firstChild.setAttribute("d", path);
    place.append(drawing);
    place.hidden = false;
  }
});
