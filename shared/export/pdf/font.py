"""A font of blank glyphs that says what each means: any text of any script can be set in it, and is found."""

import io
from collections.abc import Iterable

import pikepdf
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.tables._g_l_y_f import Glyph

from shared.export.errors import TooManyCharacters

UNITS = 1000  # of an em
ADVANCE = 500
_ASCENT, _DESCENT = 800, -200
_NAME = "ChartdropBlank"
_SYMBOLIC = 4  # ISO 32000-1, table 123
_MOST = 65_000  # glyphs; their numbers have two bytes
_AT_ONCE = 100  # entries of a bfchar block (Adobe Technical Note 5411, 1.4.1)


class BlankFont:
    """A font with a blank glyph for each of the `characters`, of which ToUnicode says which it is."""

    def __init__(self, characters: Iterable[str]) -> None:
        self._glyphs = {character: number for number, character in enumerate(sorted(set(characters)), start=1)}
        if len(self._glyphs) > _MOST:
            raise TooManyCharacters("The document has more different characters than a PDF's font. Export JSON.")

    def codes(self, text: str) -> bytes:
        """`text` as a string in this font."""
        return b"".join(self._glyphs[character].to_bytes(2, "big") for character in text)

    def embedded(self, pdf: pikepdf.Pdf) -> pikepdf.Object:
        """The font as an object of `pdf`."""
        program = pikepdf.Stream(pdf, self._program())
        program.Length1 = len(program.read_raw_bytes())
        name = pikepdf.Name(f"/{_NAME}")
        descriptor = pikepdf.Dictionary(
            Type=pikepdf.Name.FontDescriptor,
            FontName=name,
            Flags=_SYMBOLIC,
            FontBBox=[0, _DESCENT, ADVANCE, _ASCENT],
            ItalicAngle=0,
            Ascent=_ASCENT,
            Descent=_DESCENT,
            CapHeight=_ASCENT,
            StemV=80,
            FontFile2=pdf.make_indirect(program),
        )
        descendant = pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.CIDFontType2,
            BaseFont=name,
            CIDSystemInfo=pikepdf.Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
            FontDescriptor=pdf.make_indirect(descriptor),
            DW=ADVANCE,
            CIDToGIDMap=pikepdf.Name.Identity,
        )
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type0,
            BaseFont=name,
            Encoding=pikepdf.Name("/Identity-H"),
            DescendantFonts=[pdf.make_indirect(descendant)],
            ToUnicode=pdf.make_indirect(pikepdf.Stream(pdf, self._to_unicode())),
        )
        return pdf.make_indirect(font)

    def _program(self) -> bytes:
        """TrueType with nothing drawn in any glyph, all as wide."""
        names = [".notdef", *(f"g{number}" for number in self._glyphs.values())]
        builder = FontBuilder(UNITS, isTTF=True)
        builder.setupGlyphOrder(names)
        builder.setupCharacterMap({})
        builder.setupGlyf(dict.fromkeys(names, _blank()))
        builder.setupHorizontalMetrics(dict.fromkeys(names, (ADVANCE, 0)))
        builder.setupHorizontalHeader(ascent=_ASCENT, descent=_DESCENT)
        builder.setupNameTable({"familyName": _NAME, "styleName": "Regular", "psName": _NAME})
        builder.setupOS2(sTypoAscender=_ASCENT, sTypoDescender=_DESCENT)
        builder.setupPost(keepGlyphNames=False)
        target = io.BytesIO()
        builder.save(target)
        return target.getvalue()

    def _to_unicode(self) -> bytes:
        entries = [
            f"<{number:04x}> <{character.encode('utf-16-be').hex()}>" for character, number in self._glyphs.items()
        ]
        blocks = [entries[first : first + _AT_ONCE] for first in range(0, len(entries), _AT_ONCE)]
        mapped = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
        return _CMAP.replace("MAPPED", mapped).encode("ascii")


def _blank() -> Glyph:
    """A glyph that fills a place and covers nothing of it: a line there and back. Without any, PDFium drops words."""
    pen = TTGlyphPen(None)
    pen.moveTo((0, _DESCENT))
    pen.lineTo((ADVANCE, _ASCENT))
    pen.closePath()
    return pen.glyph()


_CMAP = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <ffff>
endcodespacerange
MAPPED
endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""
