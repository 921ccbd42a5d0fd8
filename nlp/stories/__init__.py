"""Story detection: which articles report the same event.

Articles are read in order of publication. `detector` compares each with the stories of the last
days and assigns it to one of them or opens a new one; `slugline.jobs.stories` stores the
assignments.
"""
