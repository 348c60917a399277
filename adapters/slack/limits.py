"""What Slack takes in one message.

Lengths are counted in UTF-16 units: Slack doesn't say how it counts characters, and that is the larger of two ways.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

BLOCKS: Final = 50  # a message: https://docs.slack.dev/reference/block-kit/blocks/
# All blocks of a message together, else msg_blocks_too_long. Slack's staff give "12,000 text characters with a buffer
# for block containers"; others measured 13,297 in one block, and 125 less for each divider beside it
# (https://github.com/slackapi/bolt-js/issues/2509). Rich text was refused with 11,341 (issue 2867), as if its JSON were
# counted: so we count that.
JSON: Final = 12_000
CONTAINER: Final = 100  # what a block takes besides its JSON, which for a divider is 18
# Bytes of a message's top-level text, which has all its words, since screen readers read nothing else
# (https://docs.slack.dev/reference/methods/chat.postMessage/#accessibility). chat.update refuses more than 4,000:
# characters, by https://docs.slack.dev/reference/methods/chat.update/, but others have measured bytes.
TEXT: Final = 3900
PIECE: Final = 3800  # of a rich_text block, in bytes of its words and in JSON; our own, so that each goes in a message
HEADER: Final = 150  # https://docs.slack.dev/reference/block-kit/blocks/header-block/
CONTEXT: Final = 2000  # one text in it: https://docs.slack.dev/reference/block-kit/blocks/context-block/
LABEL: Final = 75  # of a button or an option: https://docs.slack.dev/reference/block-kit/block-elements/button-element/
BUTTONS: Final = 25  # https://docs.slack.dev/reference/block-kit/blocks/actions-block/
OPTIONS: Final = 100  # https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element/
URL: Final = 3000  # bytes; what every field of Block Kit that has a limit for addresses allows
SMALL_URL: Final = 1000  # our own: what leaves room for the words beside it in small print
ALT: Final = 500  # our own; 2,000 by https://docs.slack.dev/reference/block-kit/blocks/image-block/
PICTURE: Final = 600  # JSON that is kept free for a picture with its alternative text


def units(text: str) -> int:
    """The text's length in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def weight(block: Mapping[str, Any]) -> int:
    """What the block takes of a message's ``JSON``."""
    return units(json.dumps(block, ensure_ascii=False, separators=(",", ":"))) + CONTAINER
