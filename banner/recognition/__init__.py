"""How greetings are recognised: structure, fields, rules. ``banner.identify`` is the door; docs/rules.md
the contract."""
