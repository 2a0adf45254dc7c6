"""Pure knowledge of text: decoding, Unicode, Arabic, residue, language."""
