"""An edition -> the bytes of a file or an output, one module a form."""
