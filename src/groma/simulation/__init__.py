"""The referee: a design under its traffic, simulated request by request.

asking.py     what is asked of a simulation, as options say it, and how it is answered
trials.py     how a design does at its peak with a zone lost and through its burst, in replications
replications.py  one of them, as a value that can be sent to another machine
crews.py      who makes them: this machine, or others (live/cluster.py)
certify.py    whether a plan keeps its goal when every request is simulated, and which neighbour does
certified.py  the design that is built where the file asks for a certified one
overload.py   whether it comes back by itself from an overload, and what helps
scene.py      a design as the simulation sees it: rows of servers, and what requests ask of them
traffic.py    requests over time: curve, burst, crowds, or a recorded series
regions.py    all regions beside each other, and the loss of one
day.py        a region, minute by minute
groups.py     its servers over time: target tracking, boots, draining, lost zones
disturbed.py  what goes wrong meanwhile: servers that break, work that grows, a cache that is cold, releases
functions.py  the same of a serverless design: functions and their environments
seen.py       what was seen, by the minute; histogram.py: what a share of the times stays below
answer.py     what it came to, in words and plain values
network.py    a network of servers as plain values, and the arrays that are made of it
running.py    a network that is run, as far as a time
tandem.py     stations in order and nothing else, many requests of them in little time
shapes.py     distributions of service times, as tables of quantiles
kernels/      what is compiled: the events of a network
"""
