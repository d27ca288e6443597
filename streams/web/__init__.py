"""The way out over HTTP: the read API and the live page. It only reads: nothing that is asked of it changes anything."""
