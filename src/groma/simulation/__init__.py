"""The referee: a design under its traffic, simulated request by request.

    shapes.py     distributions of service times, as tables of quantiles
    network.py    a network of servers as plain values, and the arrays that are made of it
    running.py    a network that is run, as far as a time
    kernels/      what is compiled: the events of a network
"""
