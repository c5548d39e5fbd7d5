"""Writes tables as ``.ods``, the OpenDocument spreadsheet that Taiwan's government asks for.

By hand, because no library does what an exporter must: odfdo, odfpy and odswriter hold the whole sheet in memory;
stream-write-ods does not, but loses line breaks and repeated blanks and knows neither widths nor looks. What is
written is small: a zip of one long part, ``content.xml``, and four short ones that never change.
"""
