"""Polish entities: names found by morphological analysis instead of a neural network.

Morfeusz gives the lemma, case and class of every word. Rules then join words that agree in case
into names of people, places and institutions.
"""
