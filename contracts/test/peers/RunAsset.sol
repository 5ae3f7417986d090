// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice The way of ERC-721A, no more of it than a mint needs: tokens are numbered, a run of them is one owner slot, and
/// each has its Transfer event.
contract RunAsset {
    event Transfer(address indexed from, address indexed to, uint256 indexed tokenId);

    mapping(uint256 first => uint256 ownership) private _runs; // owner, and the time above it
    mapping(address owner => uint256 counts) private _counts; // balance, and how many were minted above it
    uint256 private _next;

    function mint(uint256 quantity) external {
        uint256 id = _next;
        uint256 end = id + quantity;
        _runs[id] = uint256(uint160(msg.sender)) | block.timestamp << 160;
        _counts[msg.sender] += quantity | quantity << 64;
        _next = end;
        for (; id < end; ++id) {
            emit Transfer(address(0), msg.sender, id);
        }
    }
}
