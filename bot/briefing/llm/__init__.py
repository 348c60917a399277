"""A briefing's points as a language model words them, held to the articles' own sentences: pure functions.

``prompt`` says what the model is asked, ``reply`` reads what it answered, ``check`` keeps what its evidence supports.
"""
