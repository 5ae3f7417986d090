// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Base64} from "@openzeppelin/contracts/utils/Base64.sol";

/// @title Metadata
/// @notice Token metadata as a data URI: no server, no content, no person. The token ID is itself the commitment, and the
/// picture is drawn from it alone.
library Metadata {
    bytes16 private constant HEX = "0123456789abcdef";
    uint256 private constant RINGS = 8; // of 4 bytes of the ID each

    // JSON and SVG are full of double quotes.
    // solhint-disable quotes

    /// @notice The ERC-721 metadata JSON of a token as a data URI. `name` and `description` need no JSON escape.
    /// @param successor The token that came after it, or zero.
    function uri(string memory name, string memory description, uint256 tokenId, uint256 successor)
        internal
        pure
        returns (string memory)
    {
        return _uri(name, description, tokenId, successor, "");
    }

    /// @notice {uri} with the token's {picture}.
    function pictured(string memory name, string memory description, uint256 tokenId, uint256 successor)
        internal
        pure
        returns (string memory)
    {
        return _uri(name, description, tokenId, successor, bytes.concat('","image":"', bytes(picture(tokenId))));
    }

    /// @notice A token's picture, an SVG image as a data URI: eight rings, from the outside in, for each four bytes of its ID a
    /// hue, a length and a turn. It shows nothing of what the token is of; two tokens that look alike are not the same.
    function picture(uint256 tokenId) internal pure returns (string memory) {
        bytes memory rings;
        for (uint256 i = 0; i < RINGS; ++i) {
            uint256 part = tokenId >> (224 - 32 * i);
            rings = abi.encodePacked(
                rings, '<circle r="', _decimal(29 - 3 * i), '" pathLength="256" stroke="hsl(',
                _decimal(uint16(part >> 16) % 360), ',70%,60%)" stroke-dasharray="',
                _decimal(uint8(part >> 8)), " ", _decimal(256 - uint8(part >> 8)), '" stroke-dashoffset="',
                _decimal(uint8(part)), '"/>'
            );
        }
        bytes memory svg = abi.encodePacked(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-32 -32 64 64" fill="none" stroke-width="2">',
            '<path fill="#16202a" d="M-32-32h64v64h-64z"/>', rings, "</svg>"
        );
        return string.concat("data:image/svg+xml;base64,", Base64.encode(svg));
    }

    function _uri(
        string memory name,
        string memory description,
        uint256 tokenId,
        uint256 successor,
        bytes memory image
    ) private pure returns (string memory) {
        bytes memory next = successor == 0 ? bytes("") : bytes.concat('","successor":"0x', _hex(successor));
        bytes memory json = abi.encodePacked(
            '{"name":"', name, '","description":"', description, image, '","properties":{"commitment":"0x', _hex(tokenId), next, '"}}'
        );
        return string.concat("data:application/json;base64,", Base64.encode(json));
    }

    function _hex(uint256 value) private pure returns (bytes memory text) {
        text = new bytes(64);
        for (uint256 i = 64; i > 0; --i) {
            text[i - 1] = HEX[value & 0xf];
            value >>= 4;
        }
    }

    // OpenZeppelin's Strings needs MCOPY, which older chains do not have.
    function _decimal(uint256 value) private pure returns (bytes memory text) {
        do {
            text = abi.encodePacked(bytes1(uint8(48 + value % 10)), text);
            value /= 10;
        } while (value != 0);
    }
    // solhint-enable quotes
}
