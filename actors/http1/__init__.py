"""HTTP/1.1 as servers and clients both need it: the grammar of a plain head, and a stream over a socket."""
