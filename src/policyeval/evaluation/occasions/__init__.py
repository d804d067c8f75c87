"""Occasions: when a duty arises. Each kind yields rows of bearer, target, opens, due, trigger."""
