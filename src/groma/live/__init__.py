"""The only room that touches network, processes and the clock.

provision.py       up, down and drift; outcome.py: what they have done, in words; reporting.py: how they tell
interrupting.py    what a plan interrupts; earlier.py: what a stack's folder gets back after a no
applying.py        what comes before Terraform's apply, and the plan that is approved
destroying.py      how Terraform is led to destroy a stack
in_doubt.py        what is done about things that may stand in the cloud and be missing from the state
adopting.py        a stack found again in its cloud; locks.py: between commands
settling/          how such things are found and taken over
beside.py          what was added to a stack beside Terraform, and is taken away
patience.py        how long servers are waited for
target.py          the clouds: embedded, or AWS
stack.py           the directory of a stack on this machine; private.py: for nobody else's eyes
revisions.py       a workload of a git revision, and the one that was provisioned
written.py         which files in it are Groma's; building.py: of `groma build`, never over what was edited
domain.py          the domain: placeholders, and zones that there are; delegation.py: the zone first
networks.py        the VPC that a file says exists; guest_network.py: as the embedded cloud has it
databases.py       the database that a file says exists; guest_database.py: as the embedded cloud has it
standing_before.py what a file says exists already, as the embedded cloud has it
name_servers.py    where a zone is delegated to, by DNS; issuers.py: who may certify a domain
verify/            what is deployed against what was designed
understood.py      answers of a cloud that lack something
monitor.py         what runs now beside the design: alarm_states.py, figures.py by series.py, drifted.py
drilled.py         alarms as they are deployed, for fire drills; last_drills.py: what the last came to
simulated.py       what a simulation saw, put into the embedded CloudWatch
curves.py          what alarms watch, as charts; logs.py: what was logged; mails.py: what alarms wrote
promoted.py        a standby's database that was promoted
reaching.py        the environment for tools, and the addresses of site and dashboard
leftovers.py       what is still there after `down`; listed.py: what a cloud lists
kept_providers.py  providers that the state needs, beside those of the design
preflight/         what will fail, found before anything is made
rehearsal.py       a stack's whole life in a cloud that says no where AWS says no
embedded/          two emulators in one room, corrected where they are not as AWS; gate/: what AWS refuses;
                   access/: who may talk to them; authority/: who may do what; alarms/: what CloudWatch
                   evaluates
permissions/       the least policy with which a stack can be deployed, found out by a rehearsal
run_here.py        an image on this machine, behind the web tier's nginx configuration
cluster.py         a Dask cluster that makes replications of a trial
digests.py         what a tag of an image names now, as its registry says
bounded.py         roles with a permissions boundary
terraform_cli/     Terraform as a program; progress.py: what it does, shown
toolchain/         Terraform and its provider, found or fetched
remote_state.py    a team's bucket for Terraform's state
publish.py         the modules as a git repository
prices/            AWS's price list, read again
"""
