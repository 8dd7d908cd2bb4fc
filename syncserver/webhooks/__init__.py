"""Telling integrators' servers what happened: signed messages, each sent until it arrived or three days are over.

`addresses.py` says where they may go and `sending.py` takes them there and nowhere else; `service.py` is what people
ask for, `effects.py` what events lead to, `deliveries.py` the state machine that `dispatcher.py` goes by.
"""
