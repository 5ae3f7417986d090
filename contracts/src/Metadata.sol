// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Base64} from "@openzeppelin/contracts/utils/Base64.sol";

/// @title Metadata
/// @notice Token metadata as a data URI: no server, no content, no person. The token ID is itself the commitment.
library Metadata {
    bytes16 private constant HEX = "0123456789abcdef";

    /// @notice The ERC-721 metadata JSON of a token as a data URI. `name` and `description` need no JSON escape.
    /// @param successor The token that came after it, or zero.
    function uri(string memory name, string memory description, uint256 tokenId, uint256 successor)
        internal
        pure
        returns (string memory)
    {
        // JSON is full of double quotes.
        // solhint-disable quotes
        bytes memory next = successor == 0 ? bytes("") : bytes.concat('","successor":"0x', _hex(successor));
        bytes memory json = abi.encodePacked(
            '{"name":"', name, '","description":"', description, '","properties":{"commitment":"0x', _hex(tokenId), next, '"}}'
        );
        // solhint-enable quotes
        return string.concat("data:application/json;base64,", Base64.encode(json));
    }

    function _hex(uint256 value) private pure returns (bytes memory text) {
        text = new bytes(64);
        for (uint256 i = 64; i > 0; --i) {
            text[i - 1] = HEX[value & 0xf];
            value >>= 4;
        }
    }
}
