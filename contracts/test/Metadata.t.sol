// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Base64} from "@openzeppelin/contracts/utils/Base64.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {Fixture} from "./Fixture.sol";

/// The picture in a token's metadata, drawn here a second time in another way.
contract MetadataTest is Fixture {
    using Strings for uint256;

    function testFuzz_AnAssetsPictureIsDrawnOfItsID(bytes32 content) public {
        uint256 id = enter(content);
        same(assets.tokenURI(id), textOf(id));
    }

    function enter(bytes32 content) private returns (uint256) {
        return assets.enter(content, 0, usualSplit(), signaturesOf(content, 0, usualSplit(), usualKeys()));
    }

    function same(string memory uri, string memory text) private pure {
        eq(
            keccak256(bytes(uri)), keccak256(bytes(string.concat("data:application/json;base64,", Base64.encode(bytes(text))))), "URI"
        );
    }

    function textOf(uint256 id) private pure returns (string memory) {
        string memory image = string.concat("data:image/svg+xml;base64,", Base64.encode(bytes(drawn(id))));
        return string.concat(
            '{"name":"SINSO asset","description":"A right in data that is not on the chain. The token ID commits to it.","image":"',
            image,
            '","properties":{"commitment":"',
            id.toHexString(32),
            '"}}'
        );
    }

    /// Rings of radius 29, 26 and so on to 8: hue, length and turn are the ID's bytes in their order.
    function drawn(uint256 id) private pure returns (string memory svg) {
        bytes memory part = bytes.concat(bytes32(id));
        svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-32 -32 64 64" fill="none" stroke-width="2">'
            '<path fill="#16202a" d="M-32-32h64v64h-64z"/>';
        uint256 next = 0;
        for (uint256 radius = 29; radius >= 8; radius -= 3) {
            uint256 hue = (uint256(uint8(part[next])) * 256 + uint8(part[next + 1])) % 360;
            uint256 length = uint8(part[next + 2]);
            svg = string.concat(svg, '<circle r="', radius.toString(), '" pathLength="256" stroke="hsl(', hue.toString());
            svg = string.concat(svg, ',70%,60%)" stroke-dasharray="', length.toString(), " ", (256 - length).toString());
            svg = string.concat(svg, '" stroke-dashoffset="', uint256(uint8(part[next + 3])).toString(), '"/>');
            next += 4;
        }
        return string.concat(svg, "</svg>");
    }
}
