"""The tests, by cost: architecture, unit, workflows, replay, integration, safety, journeys, browser, bench, chaos."""
