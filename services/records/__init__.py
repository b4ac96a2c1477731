"""The records service, the only home of personal data: people, how they may safely be reached, what was written."""
