"""The local trace store: takes OTLP over HTTP, keeps the newest spans, shows each trace as a waterfall."""
