"""People at a shared device: who is signed in, what each may do, and who manages them.

A PIN parts the people at an open store from each other; it is not what encrypts the store."""
