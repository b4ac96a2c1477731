"""What the gateway calls: one small typed client per noun, each translating between its wire and our answers."""
