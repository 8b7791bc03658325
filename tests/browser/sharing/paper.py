"""What a browser prints, looked at: pages, their text, their pixels."""

import numpy as np
import pypdfium2
import pypdfium2.raw as raw

MM = 72 / 25.4  # PDF points
PIXELS_PER_POINT = 2


class Paper:
    """The PDF that Chromium's own print makes of a page, on A4."""

    def __init__(self, page):
        self.document = pypdfium2.PdfDocument(page.pdf(format="A4"))

    def __len__(self):
        return len(self.document)

    def text(self, number):
        """The words of a page, 0 the first, with single spaces."""
        return " ".join(self.document[number].get_textpage().get_text_bounded().split())

    def box(self, number, words):
        """Left, bottom, right and top of the first letter of these words, in PDF points."""
        page = self.document[number].get_textpage()
        index, _count = page.search(words).get_next()
        return page.get_charbox(index)

    def smallest_letter(self):
        """How high the smallest letter of all pages is set, in points."""
        texts = [page.get_textpage() for page in self.document]
        return min(
            size_of(text, index)
            for text in texts
            for index in range(text.count_chars())
            if not chr(raw.FPDFText_GetUnicode(text, index)).isspace()
        )

    def pixels(self, number):
        """Height × width × red, green, blue; two pixels a point."""
        drawn = self.document[number].render(scale=PIXELS_PER_POINT, rev_byteorder=True)
        return drawn.to_numpy()[:, :, :3].astype(int)


def size_of(text, index):
    """The size of a letter as it is printed: a drawing's are scaled."""
    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(text, index, matrix)
    return raw.FPDFText_GetFontSize(text, index) * abs(matrix.d)


def share_of(pixels, colour, tolerance=40):
    """The share of pixels that are about this colour ("#rrggbb")."""
    wanted = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return float((np.abs(pixels - wanted).sum(axis=2) < tolerance).mean())


def is_margin_empty(pixels, mm=5):
    """Whether nothing is printed within so many millimetres of an edge."""
    edge = round(mm * MM * PIXELS_PER_POINT)
    inner = np.zeros(pixels.shape[:2], dtype=bool)
    inner[edge:-edge, edge:-edge] = True
    return bool((pixels[~inner] > 250).all())
