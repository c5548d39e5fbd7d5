"""A PDF for tests that hand one out, or send one where a workbook belongs."""

PDF = (
    b"%PDF-1.7\n1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj\n2 0 obj <</Type /Pages /Kids [] /Count 0>> endobj\n"
    b"trailer <</Root 1 0 R>>\nstartxref\n0\n%%EOF\n"
)
"""A whole one, without a page."""
